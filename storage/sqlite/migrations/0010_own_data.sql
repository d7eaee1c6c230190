-- Whether the clip is no longer kept, whether the words of the order are not, and whether nobody knows whose it was.
ALTER TABLE jobs ADD COLUMN swept INTEGER NOT NULL DEFAULT 0 CHECK (swept IN (0, 1));
ALTER TABLE jobs ADD COLUMN erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1));
ALTER TABLE jobs ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0 CHECK (forgotten IN (0, 1));

-- Whether it was ordered where nobody else is, so that the number of the chat tells who it was.
ALTER TABLE jobs ADD COLUMN in_private INTEGER NOT NULL DEFAULT 0 CHECK (in_private IN (0, 1));
UPDATE jobs SET in_private = 1 WHERE
    (platform = 'telegram' AND ordered_in = 'telegram:' || user AND user NOT LIKE '-%')
    OR (platform = 'discord' AND ordered_in = 'discord:' || thread);

CREATE INDEX clips_kept ON jobs (phase_since)
    WHERE swept = 0 AND clip IS NOT NULL AND phase IN ('delivered', 'failed', 'cancelled', 'unresolved');
CREATE INDEX words_kept ON jobs (phase_since)
    WHERE erased = 0 AND phase IN ('delivered', 'failed', 'cancelled', 'unresolved');
CREATE INDEX jobs_forgotten ON jobs (phase_since) WHERE forgotten = 1;
CREATE INDEX events_of_job ON events (job);

-- Who was forgotten, by what only our key can make of an identity: allowances know them again for a while.
CREATE TABLE forgotten (
    pseudonym TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    until INTEGER NOT NULL
) STRICT;

CREATE INDEX forgotten_of_person ON forgotten (person);

-- At most one row: something was erased, and remains of it may stand between the rows of this file.
CREATE TABLE remains (
    only INTEGER PRIMARY KEY CHECK (only = 1)
) STRICT;

-- From now on these stand under such a name, too; those of before are good for an hour at most.
DELETE FROM wrong_codes;
