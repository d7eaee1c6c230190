CREATE TABLE people (
    id TEXT PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT;

CREATE TABLE identities (
    platform TEXT NOT NULL,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES people (id),
    PRIMARY KEY (platform, user)
) STRICT;

CREATE INDEX identities_of_person ON identities (person);

-- Moments are microseconds since 1970 in UTC, money is micro-dollars.
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL REFERENCES people (id),
    platform TEXT NOT NULL,
    user TEXT NOT NULL,
    user_name TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT,
    reply_to TEXT,
    request TEXT NOT NULL,
    offer TEXT NOT NULL,
    seed INTEGER,
    price INTEGER NOT NULL CHECK (price >= 0),
    ordered_at INTEGER NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN (
        'accepted', 'submitting', 'rendering', 'fetching', 'delivering',
        'delivered', 'failed', 'cancelled', 'unresolved')),
    phase_since INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    cancel_asked INTEGER NOT NULL CHECK (cancel_asked IN (0, 1)),
    submitted_at INTEGER,
    correlation TEXT,
    ticket TEXT,
    media_url TEXT,
    clip TEXT,
    failure TEXT,
    charged INTEGER NOT NULL CHECK (charged IN (0, 1)),
    notes TEXT NOT NULL,
    delivery TEXT NOT NULL CHECK (delivery IN ('pending', 'attempted', 'given_up', 'done')),
    receipt TEXT,
    CHECK (phase NOT IN ('rendering', 'fetching', 'delivering', 'delivered') OR ticket IS NOT NULL),
    CHECK (phase NOT IN ('delivering', 'delivered') OR clip IS NOT NULL)
) STRICT;

CREATE INDEX jobs_under_way ON jobs (number)
    WHERE phase NOT IN ('delivered', 'failed', 'cancelled', 'unresolved');
CREATE INDEX jobs_in_chat ON jobs (platform, chat, number);

-- The platform's own id of what was said or pressed: the second delivery of it finds the first one's job.
CREATE TABLE events (
    platform TEXT NOT NULL,
    event TEXT NOT NULL,
    job INTEGER NOT NULL REFERENCES jobs (number),
    PRIMARY KEY (platform, event)
) STRICT;

CREATE TABLE transitions (
    number INTEGER PRIMARY KEY,
    job INTEGER NOT NULL REFERENCES jobs (number),
    phase TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX transitions_of_job ON transitions (job);

CREATE TABLE ledger (
    number INTEGER PRIMARY KEY,
    job INTEGER NOT NULL REFERENCES jobs (number),
    person TEXT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL CHECK (kind IN ('reserve', 'settle', 'refund')),
    amount INTEGER NOT NULL CHECK (amount >= 0),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX one_reservation ON ledger (job) WHERE kind = 'reserve';
CREATE UNIQUE INDEX one_ending ON ledger (job) WHERE kind IN ('settle', 'refund');
CREATE INDEX ledger_of_person ON ledger (person);

CREATE TABLE durations (
    number INTEGER PRIMARY KEY,
    offer TEXT NOT NULL,
    resolution TEXT NOT NULL,
    seconds INTEGER NOT NULL,
    audio INTEGER NOT NULL CHECK (audio IN (0, 1)),
    took REAL NOT NULL CHECK (took >= 0)
) STRICT;

CREATE INDEX durations_of_kind ON durations (offer, resolution, seconds, audio, number);
