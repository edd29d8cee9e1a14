-- +goose Up

-- What limits hold. Changed and over are in nanoseconds since 1970; over is NULL where it never is.
CREATE TABLE holds (
    id       TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    changed  INTEGER NOT NULL,
    over     INTEGER,
    number   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_by_number ON holds (number);

-- One row: the number of the last write.
CREATE TABLE holds_number (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO holds_number (id, number) VALUES (1, 0);
