ALTER TABLE hut DROP CONSTRAINT hut_booking_ref_source;
DROP TABLE hut_source;
DROP TABLE hut;
DROP TABLE hut_type;
DROP TABLE organization;
