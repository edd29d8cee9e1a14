-- +goose Up

-- The last day, in UTC as in RFC 3339, on which sends were let through.
CREATE TABLE traffic (
    account TEXT NOT NULL,
    channel TEXT NOT NULL,
    territory TEXT NOT NULL,
    class TEXT NOT NULL, -- of calls, empty for messages
    day TEXT NOT NULL,
    PRIMARY KEY (account, channel, territory, class)
) STRICT, WITHOUT ROWID;

-- One row: the first day that was watched.
CREATE TABLE traffic_since (
    id integer PRIMARY KEY CHECK (id = 1),
    day TEXT NOT NULL
) STRICT;
