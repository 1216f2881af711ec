-- What a desk answered when asked whether a claim is what a text is about. Another answer on the same pair is another
-- row and the later one counts; none is ever changed. `tracker tune` fits the calibration to them, which is a setting.

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
