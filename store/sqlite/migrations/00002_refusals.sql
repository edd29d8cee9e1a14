-- +goose Up

-- What was refused, or would have been. IDs sort by time. Time is in nanoseconds since 1970.
CREATE TABLE refusals (
    id          TEXT PRIMARY KEY,
    account     TEXT NOT NULL,
    credential  TEXT NOT NULL,
    key         TEXT NOT NULL,
    sender      TEXT NOT NULL,
    channel     TEXT NOT NULL,
    destination TEXT NOT NULL,
    territory   TEXT NOT NULL,
    class       TEXT NOT NULL,
    prefix      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    rule        TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    request_id  TEXT NOT NULL,
    client      TEXT NOT NULL,
    time        INTEGER NOT NULL,
    revision    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refusals_account ON refusals (account, id);
