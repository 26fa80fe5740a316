DROP TABLE site_pace;
DROP TABLE lease;
DROP TABLE update_run;
