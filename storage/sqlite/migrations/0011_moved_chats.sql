-- What was said once is done once, however often its platform tells it.
ALTER TABLE audit ADD COLUMN event TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX audit_once ON audit (by_key, event) WHERE event <> '';

-- Chats that go on under another number.
CREATE TABLE moves (
    before TEXT PRIMARY KEY,
    now TEXT NOT NULL
) STRICT;

CREATE INDEX moves_to ON moves (now);
