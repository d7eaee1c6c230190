-- A job may go to another provider than the one that was quoted: which ones refused it, and what then changed.
ALTER TABLE jobs ADD COLUMN refused_by TEXT NOT NULL DEFAULT '[]';

CREATE TABLE ledger_with_adjustments (
    number INTEGER PRIMARY KEY,
    job INTEGER NOT NULL REFERENCES jobs (number),
    person TEXT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL CHECK (kind IN ('reserve', 'adjust', 'settle', 'refund')),
    amount INTEGER NOT NULL CHECK (amount >= 0),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

INSERT INTO ledger_with_adjustments SELECT number, job, person, kind, amount, reason, at FROM ledger;
DROP TABLE ledger;
ALTER TABLE ledger_with_adjustments RENAME TO ledger;

CREATE UNIQUE INDEX one_reservation ON ledger (job) WHERE kind = 'reserve';
CREATE UNIQUE INDEX one_ending ON ledger (job) WHERE kind IN ('settle', 'refund');
CREATE INDEX ledger_of_person ON ledger (person);
CREATE INDEX ledger_of_job ON ledger (job);
