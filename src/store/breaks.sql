-- What ends the nights that can be compared. The sixth step of migrate.c.

-- What she said of it. Nights that end after that day come after it.
CREATE TABLE break (
	day INTEGER NOT NULL, -- days since 1970-01-01
	kind TEXT NOT NULL, -- person, mat; same_mat: the mat found to be another on that day is not
	text TEXT NOT NULL, -- in her words, or ''
	entered_real_ns INTEGER NOT NULL,
	PRIMARY KEY (day, kind)
) WITHOUT ROWID;

-- Which mat lay where from when on: a row at its first frame, and when it is configured anew.
CREATE TABLE mat (
	session_id INTEGER NOT NULL REFERENCES session (id),
	mono_ns INTEGER NOT NULL,
	surface_id INTEGER NOT NULL REFERENCES surface (id),
	label TEXT NOT NULL, -- its name or serial number by its calibration, '': not given
	unit TEXT NOT NULL, -- mmHg, relative
	made_real_ns INTEGER NOT NULL, -- when the calibration was made; 0: none, or not dated
	PRIMARY KEY (session_id, mono_ns, surface_id)
) WITHOUT ROWID;
INSERT INTO mat
SELECT e.session_id, min(e.start_ns), e.surface_id, '', ifnull(c.unit, 'relative'),
	ifnull(c.made_real_ns, 0)
FROM epoch e LEFT JOIN calibration c USING (session_id, surface_id)
GROUP BY e.session_id, e.surface_id;

-- Since when nights were compared when the rules over nights judged one. No longer so: judge again.
CREATE TABLE judged (
	day INTEGER PRIMARY KEY,
	person_day INTEGER NOT NULL, -- the date of the last break before it; 0: none
	mat_day INTEGER NOT NULL,
	sense_day INTEGER NOT NULL
);
INSERT INTO judged SELECT DISTINCT day, 0, 0, 0 FROM event WHERE day != 0;
