DROP TABLE hut_source;
DROP TABLE hut;
DROP TABLE hut_type;
DROP TABLE organization;
