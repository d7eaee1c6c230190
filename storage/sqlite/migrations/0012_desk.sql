-- What an operator took back of the price of a job is a grant that the job itself uses: its person is charged nothing
-- any more, and the caps go on to count what the provider was paid.
ALTER TABLE grants ADD COLUMN refund_of INTEGER REFERENCES jobs (number);
CREATE UNIQUE INDEX one_refund ON grants (refund_of, unit) WHERE refund_of IS NOT NULL;

-- What somebody asks the running program to do from beside it, and what came of that.
CREATE TABLE errands (
    number INTEGER PRIMARY KEY,
    deed TEXT NOT NULL,
    about TEXT NOT NULL,
    reason TEXT NOT NULL,
    platform TEXT NOT NULL,
    user TEXT NOT NULL,
    user_name TEXT NOT NULL,
    at INTEGER NOT NULL,
    begun INTEGER NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)),
    is_done INTEGER CHECK (is_done IN (0, 1)),
    answer TEXT
) STRICT;
