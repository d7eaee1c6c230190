-- How a generation went, as far as looks could tell; ages in seconds since the submission. `took` is the age at which it
-- was seen to be done, `not_by` that of the look before.
ALTER TABLE durations ADD COLUMN not_by REAL NOT NULL DEFAULT 0 CHECK (not_by >= 0 AND not_by <= took);
ALTER TABLE durations ADD COLUMN queued REAL;
ALTER TABLE durations ADD COLUMN rendering REAL;
ALTER TABLE durations ADD COLUMN looks INTEGER;

-- So long before the end was the last of the looks that were made until now.
UPDATE durations SET not_by = max(0.0, (took - 0.5) / 1.3, took - 15.0);
