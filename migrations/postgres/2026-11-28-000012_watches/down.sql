DROP TABLE delivery;
DROP TABLE outbox;
DROP TABLE watch_arrival;
DROP TABLE watch_hut;
DROP TABLE watch;
ALTER TABLE hut_check DROP COLUMN changes;
