-- +goose Up

-- How many sends were let through. Periods are hours and days since 1970, in UTC.
CREATE TABLE traffic_hours (
    account TEXT NOT NULL,
    period INTEGER NOT NULL,
    channel TEXT NOT NULL,
    territory TEXT NOT NULL,
    class TEXT NOT NULL, -- of calls, empty for messages
    sends INTEGER NOT NULL,
    PRIMARY KEY (account, period, channel, territory, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX traffic_hours_by_period ON traffic_hours (period);

CREATE TABLE traffic_days (
    account TEXT NOT NULL,
    period INTEGER NOT NULL,
    channel TEXT NOT NULL,
    territory TEXT NOT NULL,
    class TEXT NOT NULL, -- of calls, empty for messages
    sends INTEGER NOT NULL,
    PRIMARY KEY (account, period, channel, territory, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX traffic_days_by_period ON traffic_days (period);
