DROP VIEW hut_availability_history;
DROP VIEW hut_availability;
