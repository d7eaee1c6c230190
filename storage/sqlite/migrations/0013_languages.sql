-- In which language the chat of a job is told of it.
ALTER TABLE jobs ADD COLUMN language TEXT NOT NULL DEFAULT 'en';

-- What people chose to be answered in.
CREATE TABLE tongues (
    person TEXT PRIMARY KEY REFERENCES people (id),
    language TEXT NOT NULL
) STRICT;
