-- What changed, in her own words: "new topper". One a day; nights from that date on come after it.
CREATE TABLE note (
	day INTEGER PRIMARY KEY, -- days since 1970-01-01
	text TEXT NOT NULL,
	entered_real_ns INTEGER NOT NULL
);
