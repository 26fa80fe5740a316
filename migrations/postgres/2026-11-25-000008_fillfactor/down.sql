ALTER TABLE availability RESET (fillfactor);
ALTER TABLE availability_change RESET (fillfactor);
