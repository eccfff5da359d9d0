-- What the cells of a surface can tell at all (core/surface.h). The fifth step of migrate.c; a mat
-- that is still there says it anew at its next session.

ALTER TABLE surface ADD COLUMN sense TEXT NOT NULL DEFAULT 'shape'; -- shape, load, switch
UPDATE surface SET sense = 'load'
WHERE kind = 'bed' AND EXISTS (SELECT 1 FROM place WHERE surface_id = id)
	AND NOT EXISTS (SELECT 1 FROM place WHERE surface_id = id AND region != 'leg');
