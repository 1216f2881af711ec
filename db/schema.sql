-- Written by `make docs`; the migrations are what counts.

CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");

CREATE TABLE settings (
  key   TEXT PRIMARY KEY, -- store_id, encoder, encoder_name
  value TEXT NOT NULL
) STRICT;

CREATE TABLE claims (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  text             TEXT NOT NULL CHECK (trim(text) <> ''),
  text_key         TEXT NOT NULL, -- the text folded for comparison: case, white space, quotation marks
  title            TEXT, -- the review's headline, a second way to find the claim
  claimant         TEXT,
  claimed_on       TEXT CHECK (claimed_on IS NULL OR claimed_on = date(claimed_on)),
  language         TEXT,
  check_worthiness REAL CHECK (check_worthiness BETWEEN 0 AND 1),
  recorded_at      TEXT NOT NULL
) STRICT;

CREATE INDEX claims_by_text_key ON claims (text_key);

CREATE TABLE external_ids ( -- the ids that feeds give a claim; two publishers may both have a claim "1"
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  publisher   TEXT NOT NULL DEFAULT '',
  external_id TEXT NOT NULL,
  claim_id    INTEGER NOT NULL REFERENCES claims (id),
  UNIQUE (publisher, external_id)
) STRICT;

CREATE INDEX external_ids_by_claim ON external_ids (claim_id);

CREATE TABLE verdicts (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  claim_id       INTEGER NOT NULL REFERENCES claims (id),
  rating         TEXT CHECK (trim(rating) <> ''), -- the publisher's own words; NULL: a review whose label is not known
  publisher      TEXT,
  publisher_site TEXT,
  url            TEXT,
  reviewed_on    TEXT CHECK (reviewed_on IS NULL OR reviewed_on = date(reviewed_on)),
  explanation    TEXT,
  valid_from     TEXT CHECK (valid_from IS NULL OR valid_from = date(valid_from)),
  valid_to       TEXT CHECK (valid_to IS NULL OR valid_to = date(valid_to)),
  supersedes     INTEGER UNIQUE REFERENCES verdicts (id), -- a correction names what it corrects
  author         TEXT NOT NULL, -- who entered it here
  recorded_at    TEXT NOT NULL, claimed_on TEXT CHECK (claimed_on IS NULL OR claimed_on = date(claimed_on)), tags TEXT CHECK (tags IS NULL OR json_valid(tags)), rating_value TEXT, best_rating TEXT, worst_rating TEXT,
  CHECK (rating IS NOT NULL OR url IS NOT NULL OR explanation IS NOT NULL),
  CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
) STRICT;

CREATE INDEX verdicts_by_claim ON verdicts (claim_id);

CREATE TABLE articles (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  source       TEXT NOT NULL,
  title        TEXT,
  author       TEXT,
  published_on TEXT,
  text         TEXT NOT NULL,
  text_sha256  TEXT NOT NULL UNIQUE, -- the same text is the same article, wherever it was read
  recorded_at  TEXT NOT NULL
) STRICT;

CREATE TABLE appearances (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  claim_id         INTEGER NOT NULL REFERENCES claims (id),
  article_id       INTEGER NOT NULL REFERENCES articles (id),
  quote            TEXT NOT NULL,
  start            INTEGER NOT NULL CHECK (start >= 0),
  "end"            INTEGER NOT NULL CHECK ("end" > start),
  speaker          TEXT,
  check_worthiness REAL NOT NULL CHECK (check_worthiness BETWEEN 0 AND 1),
  recorded_at      TEXT NOT NULL,
  UNIQUE (article_id, start, "end")
) STRICT;

CREATE INDEX appearances_by_claim ON appearances (claim_id);

CREATE TABLE vectors (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which the index takes them up
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  encoder  TEXT NOT NULL, -- fingerprint of the weights, pooling and window
  vector   BLOB NOT NULL, -- float32, little-endian, unit length
  chain    BLOB NOT NULL, -- hash over this row and the chain before it: names the state that an index was built from
  UNIQUE (claim_id, encoder)
) STRICT;

CREATE INDEX vectors_by_encoder ON vectors (encoder, seq);

CREATE VIRTUAL TABLE claims_fts USING fts5 (
  text, title, content = 'claims', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE TRIGGER claims_fts_insert AFTER INSERT ON claims
BEGIN INSERT INTO claims_fts (rowid, text, title) VALUES (NEW.id, NEW.text, NEW.title); END;

CREATE TRIGGER claims_are_not_replaced BEFORE INSERT ON claims
WHEN EXISTS (SELECT 1 FROM claims WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a claim is never replaced'); END;

CREATE TRIGGER verdicts_are_not_replaced BEFORE INSERT ON verdicts
WHEN EXISTS (SELECT 1 FROM verdicts WHERE id = NEW.id OR supersedes = NEW.supersedes)
BEGIN SELECT RAISE(ABORT, 'a verdict is never replaced, and superseded once'); END;

CREATE TRIGGER external_ids_are_not_replaced BEFORE INSERT ON external_ids
WHEN EXISTS (
  SELECT 1 FROM external_ids WHERE id = NEW.id OR (publisher = NEW.publisher AND external_id = NEW.external_id)
)
BEGIN SELECT RAISE(ABORT, 'an id of a feed belongs to one claim'); END;

CREATE TRIGGER external_ids_stay BEFORE DELETE ON external_ids
BEGIN SELECT RAISE(ABORT, 'an id of a feed is never taken away'); END;

CREATE TRIGGER claims_keep_their_words BEFORE UPDATE ON claims
BEGIN SELECT RAISE(ABORT, 'a claim is never changed'); END;

CREATE TRIGGER claims_stay BEFORE DELETE ON claims
BEGIN SELECT RAISE(ABORT, 'a claim is never deleted'); END;

CREATE TRIGGER verdicts_are_never_overwritten BEFORE UPDATE ON verdicts
BEGIN SELECT RAISE(ABORT, 'a verdict is never overwritten: add one that supersedes it'); END;

CREATE TRIGGER verdicts_stay BEFORE DELETE ON verdicts
BEGIN SELECT RAISE(ABORT, 'a verdict is never deleted'); END;

CREATE TABLE evidence (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  verdict_id  INTEGER NOT NULL REFERENCES verdicts (id),
  url         TEXT NOT NULL CHECK (trim(url) <> ''),
  note        TEXT,
  archive_url TEXT
) STRICT;

CREATE INDEX evidence_by_verdict ON evidence (verdict_id);

CREATE TABLE merged ( -- two entries of one claim: claim_id is read as into_id
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  into_id  INTEGER NOT NULL REFERENCES claims (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK (claim_id <> into_id)
) STRICT;

CREATE INDEX merged_by_into ON merged (into_id);

CREATE TABLE links ( -- a family: claim_id is `relation` to other_id
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  other_id INTEGER NOT NULL REFERENCES claims (id),
  relation TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (claim_id, other_id),
  CHECK (claim_id <> other_id)
) STRICT;

CREATE INDEX links_by_other ON links (other_id);

CREATE TABLE retracted_claims (
  claim_id INTEGER PRIMARY KEY REFERENCES claims (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE retracted_verdicts (
  verdict_id INTEGER PRIMARY KEY REFERENCES verdicts (id),
  event_id   INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TRIGGER vectors_of_one_encoder BEFORE INSERT ON vectors
WHEN NEW.encoder NOT IN (SELECT value FROM settings WHERE key IN ('encoder', 'next_encoder'))
BEGIN SELECT RAISE(ABORT, 'the store has another encoder'); END;

CREATE TRIGGER vectors_stay_as_they_are BEFORE UPDATE ON vectors
BEGIN SELECT RAISE(ABORT, 'a vector is never changed'); END;

CREATE TABLE events (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  recorded_at TEXT NOT NULL,
  author      TEXT NOT NULL,
  kind        TEXT NOT NULL, -- see tracker/events.py
  claim_id    INTEGER REFERENCES claims (id),
  other_id    INTEGER REFERENCES claims (id), -- the second claim of a merge or a link
  verdict_id  INTEGER REFERENCES verdicts (id),
  article_id  INTEGER REFERENCES articles (id),
  undoes      INTEGER UNIQUE REFERENCES events (id),
  because     TEXT,
  changes     TEXT NOT NULL CHECK (json_valid(changes)), -- [["+" or "-", table, row], ...]
  hash        TEXT NOT NULL -- SHA-256 over the hash before it and the columns above: event_hash() in tracker/events.py
) STRICT;

CREATE INDEX events_by_claim ON events (claim_id);

CREATE INDEX events_by_other ON events (other_id) WHERE other_id IS NOT NULL;

CREATE INDEX events_by_verdict ON events (verdict_id);

CREATE TRIGGER events_are_not_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id OR undoes = NEW.undoes)
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

CREATE TRIGGER events_are_append_only_u BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

CREATE TRIGGER events_are_append_only_d BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

CREATE TRIGGER evidence_is_not_replaced BEFORE INSERT ON evidence
WHEN EXISTS (SELECT 1 FROM evidence WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'evidence is never replaced'); END;

CREATE TRIGGER evidence_is_never_overwritten BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never overwritten'); END;

CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;

CREATE TRIGGER articles_are_not_replaced BEFORE INSERT ON articles
WHEN EXISTS (SELECT 1 FROM articles WHERE id = NEW.id OR text_sha256 = NEW.text_sha256)
BEGIN SELECT RAISE(ABORT, 'an article is never replaced'); END;

CREATE TRIGGER articles_keep_their_words BEFORE UPDATE ON articles
BEGIN SELECT RAISE(ABORT, 'an article is never changed'); END;

CREATE TRIGGER articles_stay BEFORE DELETE ON articles
BEGIN SELECT RAISE(ABORT, 'an article is never deleted'); END;

CREATE TRIGGER appearances_are_not_replaced BEFORE INSERT ON appearances
WHEN EXISTS (
  SELECT 1 FROM appearances WHERE id = NEW.id OR (article_id = NEW.article_id AND start = NEW.start AND "end" = NEW."end")
)
BEGIN SELECT RAISE(ABORT, 'an appearance is never replaced'); END;

CREATE TRIGGER appearances_keep_their_words BEFORE UPDATE ON appearances
BEGIN SELECT RAISE(ABORT, 'an appearance is never changed'); END;

CREATE TRIGGER appearances_stay BEFORE DELETE ON appearances
BEGIN SELECT RAISE(ABORT, 'an appearance is never deleted'); END;

CREATE TRIGGER external_ids_keep_their_claim BEFORE UPDATE ON external_ids
BEGIN SELECT RAISE(ABORT, 'an id of a feed stays with its claim'); END;

CREATE TABLE feedback (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  query    TEXT NOT NULL CHECK (trim(query) <> ''),
  claim_id INTEGER NOT NULL REFERENCES claims (id),
  answer   TEXT NOT NULL CHECK (answer IN ('yes', 'no')),
  author   TEXT NOT NULL, -- whose answer it is; who entered it, when and why is in the event
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE INDEX feedback_by_claim ON feedback (claim_id);

CREATE TRIGGER feedback_is_not_replaced BEFORE INSERT ON feedback
WHEN EXISTS (SELECT 1 FROM feedback WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an answer is never replaced'); END;

CREATE TRIGGER feedback_is_never_overwritten BEFORE UPDATE ON feedback
BEGIN SELECT RAISE(ABORT, 'an answer is never overwritten'); END;

CREATE TRIGGER feedback_stays BEFORE DELETE ON feedback
BEGIN SELECT RAISE(ABORT, 'an answer is never deleted'); END;

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

CREATE TABLE quarantine (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  place       TEXT NOT NULL, -- the feed and the line
  reason      TEXT NOT NULL,
  raw         TEXT NOT NULL, -- the row as it stood there; "" where it was too long to keep
  recorded_at TEXT NOT NULL,
  UNIQUE (place, raw) -- the same feed again brings the same rows
) STRICT;

