-- The anchor that dates a session, as before: the last synchronised one, else the last one. The seventh
-- step of migrate.c: found by look-ups, where the first one read every anchor that there is.

DROP VIEW clock;
CREATE VIEW clock AS
SELECT a.session_id, a.real_ns - a.mono_ns AS offset_ns, a.utc_offset_s, a.synchronised
FROM session s CROSS JOIN anchor a -- in this order
WHERE a.session_id = s.id AND a.mono_ns = coalesce(
	(SELECT b.mono_ns FROM anchor b WHERE b.session_id = s.id AND b.synchronised
		ORDER BY b.mono_ns DESC LIMIT 1),
	(SELECT max(b.mono_ns) FROM anchor b WHERE b.session_id = s.id));
