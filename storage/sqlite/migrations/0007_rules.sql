-- What admins decide while the bot runs, each with who decided it and when. A decision that was replaced stays here.
CREATE TABLE rules (
    number INTEGER PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('bot', 'chat', 'tier', 'person')),
    subject TEXT NOT NULL,
    is_cap INTEGER NOT NULL CHECK (is_cap IN (0, 1)),
    unit TEXT NOT NULL CHECK (unit IN ('videos', 'money', 'running')),
    limits TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    is_over INTEGER NOT NULL DEFAULT 0 CHECK (is_over IN (0, 1))
) STRICT;

CREATE INDEX rules_in_force ON rules (scope, subject) WHERE is_over = 0;

CREATE TABLE standings (
    number INTEGER PRIMARY KEY,
    identity TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('tier', 'exempt', 'ban')),
    tier TEXT NOT NULL DEFAULT '' CHECK ((kind = 'tier') = (tier <> '')),
    reason TEXT NOT NULL DEFAULT '',
    until INTEGER,
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    is_over INTEGER NOT NULL DEFAULT 0 CHECK (is_over IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX standings_in_force ON standings (identity, kind, tier) WHERE is_over = 0;
