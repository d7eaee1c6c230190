-- Use counts where and when it was ordered, whatever becomes of the place of the job.
ALTER TABLE jobs ADD COLUMN ordered_in TEXT NOT NULL DEFAULT '';
UPDATE jobs SET ordered_in = platform || ':' || chat;

-- What an order takes of the things granted to its person does not count against the person's allowances.
ALTER TABLE jobs ADD COLUMN granted_videos INTEGER NOT NULL DEFAULT 0 CHECK (granted_videos IN (0, 1));
ALTER TABLE jobs ADD COLUMN granted_money INTEGER NOT NULL DEFAULT 0 CHECK (granted_money >= 0);

-- What was refunded counts for nothing.
ALTER TABLE jobs ADD COLUMN counts INTEGER
    GENERATED ALWAYS AS (charged = 1 OR phase NOT IN ('failed', 'cancelled', 'unresolved')) VIRTUAL;

CREATE INDEX use_of_person ON jobs (person, ordered_at) WHERE counts = 1;
CREATE INDEX jobs_running ON jobs (person, ordered_in)
    WHERE phase IN ('accepted', 'submitting', 'rendering', 'fetching');
CREATE INDEX jobs_running_in_chat ON jobs (ordered_in)
    WHERE phase IN ('accepted', 'submitting', 'rendering', 'fetching');

-- The use of everybody, summed up by quarter of an hour, where the days of every zone begin: what is counted is
-- kept up to date below, so that a month of a busy bot is a short sum. `ordered_in` is empty for all chats together.
CREATE TABLE use_of_all (
    ordered_in TEXT NOT NULL,
    quarter INTEGER NOT NULL,
    videos INTEGER NOT NULL CHECK (videos >= 0),
    money INTEGER NOT NULL CHECK (money >= 0),
    PRIMARY KEY (ordered_in, quarter)
) STRICT, WITHOUT ROWID;

CREATE INDEX use_by_time ON jobs (ordered_at) WHERE counts = 1;

INSERT INTO use_of_all
SELECT ordered_in, ordered_at / 900000000, count(*), sum(price) FROM jobs WHERE counts = 1
GROUP BY ordered_in, ordered_at / 900000000;
INSERT INTO use_of_all
SELECT '', ordered_at / 900000000, count(*), sum(price) FROM jobs WHERE counts = 1 GROUP BY ordered_at / 900000000;

CREATE TRIGGER use_begins AFTER INSERT ON jobs WHEN new.counts = 1 BEGIN
    INSERT INTO use_of_all VALUES
        (new.ordered_in, new.ordered_at / 900000000, 1, new.price), ('', new.ordered_at / 900000000, 1, new.price)
    ON CONFLICT DO UPDATE SET videos = videos + 1, money = money + excluded.money;
END;

CREATE TRIGGER use_changes AFTER UPDATE ON jobs
WHEN old.counts * old.price <> new.counts * new.price OR old.counts <> new.counts BEGIN
    UPDATE use_of_all SET
        videos = videos - old.counts + new.counts,
        money = money - old.counts * old.price + new.counts * new.price
    WHERE ordered_in IN (old.ordered_in, '') AND quarter = old.ordered_at / 900000000;
END;

-- Something beyond the allowances, used after them. What the jobs took of it comes back with a refund.
CREATE TABLE grants (
    number INTEGER PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    unit TEXT NOT NULL CHECK (unit IN ('videos', 'money')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND amount),
    reason TEXT NOT NULL,
    until INTEGER
) STRICT;

CREATE INDEX grants_of_person ON grants (person) WHERE remaining > 0;

CREATE TABLE grant_uses (
    number INTEGER PRIMARY KEY,
    job INTEGER NOT NULL REFERENCES jobs (number),
    source INTEGER NOT NULL REFERENCES grants (number),
    amount INTEGER NOT NULL CHECK (amount > 0)
) STRICT;

CREATE INDEX grant_uses_of_job ON grant_uses (job);

CREATE TABLE ledger_with_grants (
    number INTEGER PRIMARY KEY,
    job INTEGER REFERENCES jobs (number),
    source INTEGER REFERENCES grants (number),
    person TEXT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL CHECK (kind IN ('reserve', 'adjust', 'settle', 'refund', 'grant', 'expire')),
    unit TEXT NOT NULL CHECK (unit IN ('videos', 'money')),
    amount INTEGER NOT NULL CHECK (amount >= 0),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    CHECK ((job IS NULL) = (kind IN ('grant', 'expire'))),
    CHECK ((source IS NULL) <> (job IS NULL))
) STRICT;

INSERT INTO ledger_with_grants
SELECT number, job, NULL, person, kind, 'money', amount, reason, at FROM ledger;
DROP TABLE ledger;
ALTER TABLE ledger_with_grants RENAME TO ledger;

CREATE UNIQUE INDEX one_reservation ON ledger (job) WHERE kind = 'reserve';
CREATE UNIQUE INDEX one_ending ON ledger (job) WHERE kind IN ('settle', 'refund');
CREATE UNIQUE INDEX one_granting ON ledger (source) WHERE kind = 'grant';
CREATE INDEX ledger_of_person ON ledger (person);
CREATE INDEX ledger_of_job ON ledger (job);

-- At most one row: why no orders are taken.
CREATE TABLE pause (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    reason TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT;

-- What the operators were told of the bot's own limits: a share, in hundredths, once for each window.
CREATE TABLE alerts (
    cap TEXT NOT NULL,
    since INTEGER NOT NULL,
    share INTEGER NOT NULL,
    PRIMARY KEY (cap, since, share)
) STRICT;
