-- Verdicts with evidence, claims that are merged, linked or taken back, and an event log that tells the whole story: each
-- event names the rows that it added or removed and why, and carries a hash over itself and the event before it.

-- First of all: SQLite lets what refers to a table follow its new name.
ALTER TABLE events RENAME TO early_events;

ALTER TABLE verdicts ADD COLUMN claimed_on TEXT CHECK (claimed_on IS NULL OR claimed_on = date(claimed_on));
ALTER TABLE verdicts ADD COLUMN tags TEXT CHECK (tags IS NULL OR json_valid(tags)); -- JSON: ["...", ...]

CREATE TABLE evidence (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  verdict_id  INTEGER NOT NULL REFERENCES verdicts (id),
  url         TEXT NOT NULL CHECK (trim(url) <> ''),
  note        TEXT,
  archive_url TEXT
) STRICT;

CREATE INDEX evidence_by_verdict ON evidence (verdict_id);

-- Where things stand now. Only these tables lose rows, when what they say is undone; the events tell all of it.
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

-- While a change of encoder is under way the next one's vectors stand beside those that answer.
DROP TRIGGER vectors_of_one_encoder;
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

-- The events of the first schema named what was added; now they say it. Feed ids and appearances had no events: they get
-- them now, after the others.
CREATE TEMP TABLE drafts (
  id INTEGER PRIMARY KEY, recorded_at, author, kind, claim_id, verdict_id, article_id, because, changes
);

INSERT INTO drafts
SELECT e.id, e.recorded_at, e.author, e.kind, e.claim_id, e.verdict_id, e.article_id, NULL,
  CASE e.kind
    WHEN 'claim-added' THEN (
      SELECT json_array(json_array('+', 'claims', json_object(
        'id', c.id, 'text', c.text, 'title', c.title, 'claimant', c.claimant, 'claimed_on', c.claimed_on,
        'language', c.language, -- json_object would round a number to 15 digits
        'check_worthiness',
        json(CASE WHEN c.check_worthiness IS NULL THEN 'null' ELSE printf('%!.17g', c.check_worthiness) END),
        'recorded_at', c.recorded_at)))
      FROM claims c WHERE c.id = e.claim_id)
    WHEN 'verdict-added' THEN (
      SELECT json_array(json_array('+', 'verdicts', json_object(
        'id', v.id, 'claim_id', v.claim_id, 'rating', v.rating, 'publisher', v.publisher,
        'publisher_site', v.publisher_site, 'url', v.url, 'reviewed_on', v.reviewed_on,
        'explanation', v.explanation, 'valid_from', v.valid_from, 'valid_to', v.valid_to,
        'supersedes', v.supersedes, 'author', v.author, 'recorded_at', v.recorded_at,
        'claimed_on', v.claimed_on, 'tags', v.tags)))
      FROM verdicts v WHERE v.id = e.verdict_id)
    WHEN 'article-saved' THEN (
      SELECT json_array(json_array('+', 'articles', json_object(
        'id', a.id, 'source', a.source, 'title', a.title, 'author', a.author, 'published_on', a.published_on,
        'text_sha256', a.text_sha256, 'recorded_at', a.recorded_at)))
      FROM articles a WHERE a.id = e.article_id)
    ELSE '[]'
  END
FROM early_events e;

INSERT INTO drafts (recorded_at, author, kind, claim_id, because, changes)
SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), 'tracker', 'feed-id-added', x.claim_id,
  'added before the log held feed ids',
  json_array(json_array('+', 'external_ids', json_object(
    'id', x.id, 'publisher', x.publisher, 'external_id', x.external_id, 'claim_id', x.claim_id)))
FROM external_ids x ORDER BY x.id;

INSERT INTO drafts (recorded_at, author, kind, claim_id, article_id, because, changes)
SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), 'tracker', 'appearance-added', p.claim_id, p.article_id,
  'added before the log held appearances',
  json_array(json_array('+', 'appearances', json_object(
    'id', p.id, 'claim_id', p.claim_id, 'article_id', p.article_id, 'quote', p.quote, 'start', p.start,
    'end', p."end", 'speaker', p.speaker, 'check_worthiness', json(printf('%!.17g', p.check_worthiness)),
    'recorded_at', p.recorded_at)))
FROM appearances p ORDER BY p.id;

INSERT INTO drafts (recorded_at, author, kind, because, changes)
SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), 'tracker', 'encoder-set', 'set before the log held the encoder',
  json_group_array(json_array('+', 'settings', json_object('key', s.key, 'value', s.value)))
FROM (SELECT key, value FROM settings WHERE key IN ('encoder', 'encoder_name') ORDER BY key) s
GROUP BY NULL;

INSERT INTO events (id, recorded_at, author, kind, claim_id, verdict_id, article_id, because, changes, hash)
WITH RECURSIVE chained (id, hash) AS (
  SELECT 0, ''
  UNION ALL
  SELECT d.id, event_hash(
    c.hash, d.id, d.recorded_at, d.author, d.kind, d.claim_id, NULL, d.verdict_id, d.article_id, NULL, d.because,
    d.changes)
  FROM chained c JOIN drafts d ON d.id = (SELECT min(n.id) FROM drafts n WHERE n.id > c.id)
)
SELECT d.id, d.recorded_at, d.author, d.kind, d.claim_id, d.verdict_id, d.article_id, d.because, d.changes, c.hash
FROM chained c JOIN drafts d ON d.id = c.id ORDER BY d.id;

DROP TABLE drafts;
DROP TABLE early_events;

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
