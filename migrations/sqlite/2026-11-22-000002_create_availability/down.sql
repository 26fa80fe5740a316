DROP TABLE availability_change;
DROP TABLE availability;
DROP TABLE hut_check;
