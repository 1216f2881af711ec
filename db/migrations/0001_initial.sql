-- The store's first schema. Dates are ISO days (YYYY-MM-DD), times ISO 8601 in UTC, spans count characters.
-- What a desk has said is never changed in place: triggers below refuse it, whoever asks.

PRAGMA application_id = 0x434C4D54; -- "CLMT": this file is a claim tracker's store

CREATE TABLE settings (
  key   TEXT PRIMARY KEY, -- store_id, encoder, encoder_name
  value TEXT NOT NULL
) STRICT;

INSERT INTO settings (key, value) VALUES ('store_id', lower(hex(randomblob(16))));

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
  recorded_at    TEXT NOT NULL,
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

CREATE TRIGGER vectors_of_one_encoder BEFORE INSERT ON vectors
WHEN NEW.encoder IS NOT (SELECT value FROM settings WHERE key = 'encoder')
BEGIN SELECT RAISE(ABORT, 'the store has another encoder'); END;

CREATE TABLE events (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  recorded_at TEXT NOT NULL,
  author      TEXT NOT NULL,
  kind        TEXT NOT NULL, -- claim-added, verdict-added, article-saved
  claim_id    INTEGER REFERENCES claims (id),
  verdict_id  INTEGER REFERENCES verdicts (id),
  article_id  INTEGER REFERENCES articles (id)
) STRICT;

-- Words: an external-content index that the triggers keep in step.
CREATE VIRTUAL TABLE claims_fts USING fts5 (
  text, title, content = 'claims', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE TRIGGER claims_fts_insert AFTER INSERT ON claims
BEGIN INSERT INTO claims_fts (rowid, text, title) VALUES (NEW.id, NEW.text, NEW.title); END;

-- Nothing that was said is changed or lost. INSERT OR REPLACE deletes without asking the DELETE triggers, so the third of
-- each kind refuses to insert over what is there.
CREATE TRIGGER claims_are_not_replaced BEFORE INSERT ON claims
WHEN EXISTS (SELECT 1 FROM claims WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a claim is never replaced'); END;
CREATE TRIGGER verdicts_are_not_replaced BEFORE INSERT ON verdicts
WHEN EXISTS (SELECT 1 FROM verdicts WHERE id = NEW.id OR supersedes = NEW.supersedes)
BEGIN SELECT RAISE(ABORT, 'a verdict is never replaced, and superseded once'); END;
CREATE TRIGGER events_are_not_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
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
CREATE TRIGGER events_are_append_only_u BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
CREATE TRIGGER events_are_append_only_d BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
