-- +goose Up

-- What limits have counted, by a hash of the limit and of what it counts. Item is an unsigned
-- number of 64 bits. Over is in nanoseconds since 1970.
CREATE TABLE counters (
    key     BLOB NOT NULL,
    part    INTEGER NOT NULL,
    item    INTEGER NOT NULL,
    numbers BLOB NOT NULL,
    over    INTEGER NOT NULL,
    PRIMARY KEY (key, part, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX counters_by_over ON counters (over);
