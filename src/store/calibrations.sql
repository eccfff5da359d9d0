-- What is known of calibrations. The second step of migrate.c.

ALTER TABLE calibration ADD COLUMN grade TEXT NOT NULL DEFAULT ''; -- A to D, '': not graded
ALTER TABLE calibration ADD COLUMN reasons TEXT NOT NULL DEFAULT ''; -- one a line
ALTER TABLE calibration ADD COLUMN drift_ratio REAL; -- since it was made, of full scale
ALTER TABLE calibration ADD COLUMN age_limit_s REAL; -- older than this it is said to be old

-- What `lumbar calibrate` did. `calibration` says which one was in force.
CREATE TABLE calibration_made (
	id INTEGER PRIMARY KEY,
	surface TEXT NOT NULL, -- its name
	made_real_ns INTEGER NOT NULL,
	grade TEXT NOT NULL, -- A to D, '': it failed, and the one before stayed
	quality_ratio REAL,
	n_dead INTEGER,
	reasons TEXT NOT NULL -- one a line: why the grade is no better, or why it failed
);
