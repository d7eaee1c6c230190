-- What is decided holds in one chat, or everywhere, which is an empty name; what operators decided only they change.
ALTER TABLE rules ADD COLUMN chat TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN is_operators INTEGER NOT NULL DEFAULT 1 CHECK (is_operators IN (0, 1));
DROP INDEX rules_in_force;
CREATE INDEX rules_in_force ON rules (chat, scope, subject) WHERE is_over = 0;

-- `subject` is an identity, or a circle of them such as the holders of a role.
CREATE TABLE marks (
    number INTEGER PRIMARY KEY,
    chat TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('tier', 'exempt', 'allowed', 'ban')),
    tier TEXT NOT NULL DEFAULT '' CHECK ((kind = 'tier') = (tier <> '')),
    reason TEXT NOT NULL DEFAULT '',
    until INTEGER,
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    is_operators INTEGER NOT NULL CHECK (is_operators IN (0, 1)),
    is_over INTEGER NOT NULL DEFAULT 0 CHECK (is_over IN (0, 1))
) STRICT;

INSERT INTO marks
SELECT number, '', identity, kind, tier, reason, until, decided_by, decided_at, 1, is_over FROM standings;
DROP TABLE standings;

CREATE UNIQUE INDEX marks_in_force ON marks (subject, chat, kind, tier) WHERE is_over = 0;

-- Who may order, and where: see bot/access.py for the names.
CREATE TABLE terms (
    number INTEGER PRIMARY KEY,
    chat TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    is_operators INTEGER NOT NULL CHECK (is_operators IN (0, 1)),
    is_over INTEGER NOT NULL DEFAULT 0 CHECK (is_over IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX terms_in_force ON terms (chat, name) WHERE is_over = 0;

-- The circles of an identity as they were last told by one source, such as a server.
CREATE TABLE circles (
    platform TEXT NOT NULL,
    user TEXT NOT NULL,
    source TEXT NOT NULL,
    circle TEXT NOT NULL,
    PRIMARY KEY (platform, user, source, circle)
) STRICT, WITHOUT ROWID;

CREATE TABLE access_requests (
    id TEXT PRIMARY KEY,
    layer TEXT NOT NULL,
    platform TEXT NOT NULL,
    user TEXT NOT NULL,
    user_name TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT,
    reply_to TEXT,
    event TEXT NOT NULL,
    command TEXT NOT NULL,
    is_private INTEGER NOT NULL CHECK (is_private IN (0, 1)),
    presence TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answer TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX open_requests ON access_requests (layer, platform, user) WHERE answer = '';

-- Why no orders are taken, in one chat or everywhere.
CREATE TABLE pauses (
    chat TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    is_operators INTEGER NOT NULL CHECK (is_operators IN (0, 1))
) STRICT;

INSERT INTO pauses SELECT '', reason, since, 1 FROM pause;
DROP TABLE pause;

-- What was decided, by whom and when. Nothing that is written here is ever changed.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    by_key TEXT NOT NULL,
    by_name TEXT NOT NULL,
    chat TEXT NOT NULL,
    is_operators INTEGER NOT NULL CHECK (is_operators IN (0, 1)),
    what TEXT NOT NULL
) STRICT;

CREATE INDEX audit_of_chat ON audit (chat, number);

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is not changed'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is not changed'); END;

-- The name by which others call somebody on their platform.
ALTER TABLE identities ADD COLUMN handle TEXT NOT NULL DEFAULT '';
CREATE INDEX identities_by_handle ON identities (platform, handle) WHERE handle <> '';
