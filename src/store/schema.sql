-- What was found, in one file. The first step of migrate.c; user_version counts the steps.
--
-- Rows are keyed by a session (one run of the daemon within one boot, or one replay) and its mono
-- time in ns. Real time is not stored with them: it follows from the session's anchors, so that
-- what was measured before the clock was set is dated when it is (see the view `clock`).
-- Seconds, ratios and units are as in core/*.h; NULL is "not assessed", never 0.

CREATE TABLE session (
	id INTEGER PRIMARY KEY,
	boot_id TEXT NOT NULL, -- the kernel's, or "replay:NAME", "sim:SEED"
	version TEXT NOT NULL, -- of lumbard
	start_ns INTEGER NOT NULL,
	UNIQUE (boot_id, start_ns) -- a recording that is replayed again goes over its own rows
);

-- A mat that was exchanged for another of the same name is a surface of its own.
CREATE TABLE surface (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	kind TEXT NOT NULL, -- bed, seat, strip
	n_rows INTEGER NOT NULL, -- 0: a free layout
	n_cols INTEGER NOT NULL,
	n_cells INTEGER NOT NULL,
	pitch_mm REAL NOT NULL,
	UNIQUE (name, kind, n_rows, n_cols, n_cells, pitch_mm)
);

-- Where the cells of a free layout lie, in the order of a key frame's cells.
CREATE TABLE place (
	surface_id INTEGER NOT NULL REFERENCES surface (id),
	cell INTEGER NOT NULL,
	x_mm REAL NOT NULL,
	y_mm REAL NOT NULL,
	region TEXT NOT NULL,
	PRIMARY KEY (surface_id, cell)
) WITHOUT ROWID;

-- "At mono_ns the wall clock said real_ns." Anchors say nothing beyond their own session.
CREATE TABLE anchor (
	session_id INTEGER NOT NULL REFERENCES session (id),
	mono_ns INTEGER NOT NULL,
	real_ns INTEGER NOT NULL,
	utc_offset_s INTEGER NOT NULL,
	synchronised INTEGER NOT NULL,
	PRIMARY KEY (session_id, mono_ns)
) WITHOUT ROWID;

-- The anchor that dates a session: the last synchronised one, else the last one.
CREATE VIEW clock AS
SELECT session_id, offset_ns, utc_offset_s, synchronised FROM (
	SELECT session_id, real_ns - mono_ns AS offset_ns, utc_offset_s, synchronised, row_number()
		OVER (PARTITION BY session_id ORDER BY synchronised DESC, mono_ns DESC) AS place
	FROM anchor)
WHERE place = 1;

-- The calibration that was in force, the last one of each session.
CREATE TABLE calibration (
	session_id INTEGER NOT NULL REFERENCES session (id),
	surface_id INTEGER NOT NULL REFERENCES surface (id),
	unit TEXT NOT NULL, -- mmHg, relative
	made_real_ns INTEGER NOT NULL, -- 0: not dated
	quality_ratio REAL,
	note TEXT NOT NULL,
	n_dead INTEGER NOT NULL,
	PRIMARY KEY (session_id, surface_id)
) WITHOUT ROWID;

CREATE TABLE epoch (
	session_id INTEGER NOT NULL REFERENCES session (id),
	start_ns INTEGER NOT NULL,
	surface_id INTEGER NOT NULL REFERENCES surface (id),
	observed_s REAL NOT NULL,
	technical_s REAL NOT NULL,
	person_s REAL NOT NULL,
	object_s REAL NOT NULL,
	empty_s REAL NOT NULL,
	unknown_s REAL NOT NULL,
	posture_unknown_s REAL NOT NULL,
	posture_supine_s REAL NOT NULL,
	posture_left_s REAL NOT NULL,
	posture_right_s REAL NOT NULL,
	posture_prone_s REAL NOT NULL,
	posture_edge_s REAL NOT NULL,
	posture_empty_s REAL NOT NULL,
	seat_unknown_s REAL NOT NULL,
	seat_empty_s REAL NOT NULL,
	seat_upright_s REAL NOT NULL,
	seat_forward_s REAL NOT NULL,
	seat_slump_s REAL NOT NULL,
	seat_lean_left_s REAL NOT NULL,
	seat_lean_right_s REAL NOT NULL,
	seat_other_s REAL NOT NULL,
	moving_s REAL NOT NULL,
	activity REAL NOT NULL,
	shifts INTEGER NOT NULL,
	exits INTEGER NOT NULL,
	bends INTEGER NOT NULL,
	load REAL,
	centre_x_ratio REAL,
	centre_y_ratio REAL,
	valley_ratio REAL,
	quiet_supine_s REAL NOT NULL,
	breathing_per_min REAL,
	heart_per_min REAL,
	sideways_ratio REAL,
	forward_ratio REAL,
	sideways_peak_ratio REAL,
	health_ratio REAL,
	PRIMARY KEY (session_id, start_ns, surface_id)
) WITHOUT ROWID;

-- The images worth keeping. cells: n_cells little-endian 16-bit numbers, cell = scale * number.
CREATE TABLE keyframe (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	surface_id INTEGER NOT NULL REFERENCES surface (id),
	mono_ns INTEGER NOT NULL,
	reason TEXT NOT NULL, -- event, hourly, shift
	unit TEXT NOT NULL,
	posture TEXT NOT NULL,
	seat TEXT NOT NULL,
	centre_x_ratio REAL,
	centre_y_ratio REAL,
	scale REAL NOT NULL,
	cells BLOB NOT NULL,
	UNIQUE (session_id, surface_id, mono_ns)
);

-- Findings with their evidence. A finding that is said again, longer, replaces what it said before.
CREATE TABLE event (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	surface_id INTEGER REFERENCES surface (id), -- NULL: the person, over nights
	rule TEXT NOT NULL,
	advice_id TEXT NOT NULL, -- "" for technical events
	level TEXT NOT NULL, -- technical, information, advice
	start_ns INTEGER NOT NULL,
	end_ns INTEGER NOT NULL,
	value REAL,
	"limit" REAL,
	unit TEXT NOT NULL,
	coverage_ratio REAL,
	confidence REAL,
	frame_ns INTEGER NOT NULL, -- the key frame's mono_ns; 0: none
	day INTEGER NOT NULL, -- rules over nights: days since 1970-01-01; else 0
	detail TEXT NOT NULL
);
CREATE UNIQUE INDEX event_key
	ON event (session_id, ifnull(surface_id, 0), rule, start_ns, day);
CREATE INDEX event_day ON event (day) WHERE day != 0;

CREATE TABLE pain (
	day INTEGER PRIMARY KEY, -- days since 1970-01-01
	level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 10),
	entered_real_ns INTEGER NOT NULL
);
