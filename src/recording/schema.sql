-- A recording: frames of one or several surfaces, kept. docs/recording.md describes the blobs.
PRAGMA application_id = 0x4c6d4261; -- "LmBa"
PRAGMA user_version = 1;

CREATE TABLE recording (notes TEXT);

CREATE TABLE surface (
	id INTEGER PRIMARY KEY, -- from 0
	name TEXT NOT NULL,
	kind TEXT NOT NULL, -- bed, seat, strip
	rows INTEGER NOT NULL, -- 0: a free layout, whose cells stand in place
	cols INTEGER NOT NULL,
	n_cells INTEGER NOT NULL,
	pitch_mm REAL NOT NULL,
	flip INTEGER NOT NULL, -- of the raw frames: 0 none, 1 rows, 2 columns, 3 both
	full_scale_counts REAL NOT NULL,
	rate_hz REAL NOT NULL
);

CREATE TABLE place (
	surface INTEGER NOT NULL REFERENCES surface,
	cell INTEGER NOT NULL, -- from 0
	x_mm REAL NOT NULL,
	y_mm REAL NOT NULL,
	region TEXT NOT NULL, -- bed, seat, back, strip, leg
	PRIMARY KEY (surface, cell)
) WITHOUT ROWID;

-- What was in force when it was recorded: the text of a calibration file, see calib/file.c.
CREATE TABLE calibration (
	surface INTEGER PRIMARY KEY REFERENCES surface,
	text TEXT NOT NULL
);

-- Written when the recording is closed, one row a surface; none: it was cut off, or still runs.
CREATE TABLE ending (
	surface INTEGER PRIMARY KEY REFERENCES surface,
	n_frames INTEGER NOT NULL -- in its chunks
);

CREATE TABLE chunk (
	id INTEGER PRIMARY KEY, -- in the order of writing
	surface INTEGER NOT NULL REFERENCES surface,
	start_mono_ns INTEGER NOT NULL,
	end_mono_ns INTEGER NOT NULL,
	n_frames INTEGER NOT NULL,
	encoding TEXT NOT NULL, -- u8, u16, s32, f32
	data BLOB NOT NULL -- zstd
);
