-- +goose Up

-- What a client was answered in place of the denial, since it had no credential that the carrier
-- accepts: the carrier's error code; empty if it was shown the denial, or passed.
ALTER TABLE refusals ADD COLUMN answered TEXT NOT NULL DEFAULT '';
