-- What is filmed only for adults, and what the chat covers until somebody wants to see it.
ALTER TABLE jobs ADD COLUMN adult INTEGER NOT NULL DEFAULT 0 CHECK (adult IN (0, 1));
ALTER TABLE jobs ADD COLUMN spoiler INTEGER NOT NULL DEFAULT 0 CHECK (spoiler IN (0, 1));

-- What admins forbid while the bot runs; `chat` is empty for everywhere. What was permitted again or replaced stays here.
CREATE TABLE taboos (
    number INTEGER PRIMARY KEY,
    chat TEXT NOT NULL,
    spelling TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('block', 'adult')),
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    is_operators INTEGER NOT NULL CHECK (is_operators IN (0, 1)),
    is_over INTEGER NOT NULL DEFAULT 0 CHECK (is_over IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX taboos_in_force ON taboos (chat, spelling) WHERE is_over = 0;

-- Orders that were refused for what they ask to see. `until` is the end of the pause that came of it.
CREATE TABLE strikes (
    number INTEGER PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    chat TEXT NOT NULL,
    cause TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    until INTEGER,
    is_over INTEGER NOT NULL DEFAULT 0 CHECK (is_over IN (0, 1))
) STRICT;

CREATE INDEX strikes_of_person ON strikes (person, at) WHERE is_over = 0;
