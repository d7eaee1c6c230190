-- Whether the chat shows how a job ended; what ended before this was asked is taken as told.
ALTER TABLE jobs ADD COLUMN told INTEGER NOT NULL DEFAULT 1 CHECK (told IN (0, 1));

CREATE INDEX jobs_untold ON jobs (platform, number) WHERE told = 0;
