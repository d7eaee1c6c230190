-- What joins two accounts: the digest of a code that one of them was told, and who guessed wrong how often.
CREATE TABLE link_codes (
    person TEXT PRIMARY KEY REFERENCES people (id),
    code TEXT NOT NULL UNIQUE,
    until INTEGER NOT NULL
) STRICT;

CREATE TABLE wrong_codes (
    number INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    user TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX wrong_codes_of_identity ON wrong_codes (platform, user, at);
