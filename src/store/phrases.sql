-- What a finding says, for any language (core/phrase.h); "": only its English detail is there.
ALTER TABLE event ADD COLUMN phrase TEXT NOT NULL DEFAULT '';
