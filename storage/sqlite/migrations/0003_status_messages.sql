-- The message that shows how a job goes on, in the platform's own terms, so that a restart goes on with the same one.
ALTER TABLE jobs ADD COLUMN status TEXT;

CREATE INDEX jobs_of_person ON jobs (person, number);

-- Whether a person did away with the clip.
ALTER TABLE jobs ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1));
