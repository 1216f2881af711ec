-- What markup of other publishers says beside its rating in words, and what of a feed could not be taken up.

ALTER TABLE verdicts ADD COLUMN rating_value TEXT; -- a rating in numbers and its scale, as the publisher wrote them
ALTER TABLE verdicts ADD COLUMN best_rating TEXT;
ALTER TABLE verdicts ADD COLUMN worst_rating TEXT;

CREATE TABLE sightings ( -- where a feed says that a claim was seen; what was read here itself is an appearance
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  url      TEXT NOT NULL CHECK (trim(url) <> ''),
  UNIQUE (claim_id, url)
) STRICT;

CREATE TRIGGER sightings_are_not_replaced BEFORE INSERT ON sightings
WHEN EXISTS (SELECT 1 FROM sightings WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a sighting is never replaced'); END;
CREATE TRIGGER sightings_are_never_overwritten BEFORE UPDATE ON sightings
BEGIN SELECT RAISE(ABORT, 'a sighting is never overwritten'); END;
CREATE TRIGGER sightings_stay BEFORE DELETE ON sightings
BEGIN SELECT RAISE(ABORT, 'a sighting is never deleted'); END;

-- Rows of feeds that were left out, to be looked at, mended and tried again, or dropped. They are nothing that the desk
-- has said: the event log does not tell of them.
CREATE TABLE quarantine (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  place       TEXT NOT NULL, -- the feed and the line
  reason      TEXT NOT NULL,
  raw         TEXT NOT NULL, -- the row as it stood there; "" where it was too long to keep
  recorded_at TEXT NOT NULL,
  UNIQUE (place, raw) -- the same feed again brings the same rows
) STRICT;
