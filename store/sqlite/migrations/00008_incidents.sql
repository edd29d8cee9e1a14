-- +goose Up

-- What gates tell of incidents and thresholds. Over is in nanoseconds since 1970, NULL where it
-- never is.
CREATE TABLE incidents (
    id       TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    over     INTEGER,
    number   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incidents_by_number ON incidents (number);

-- One row: the number of the last write.
CREATE TABLE incidents_number (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO incidents_number (id, number) VALUES (1, 0);
