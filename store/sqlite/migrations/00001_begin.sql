-- +goose Up

-- The one row that every change updates first, so that changes are counted in the order in
-- which they are committed.
CREATE TABLE revision (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO revision (id, revision) VALUES (1, 0);

-- A deleted object stays as a row without a document: it is a change too.
CREATE TABLE objects (
    kind     TEXT NOT NULL,
    id       TEXT NOT NULL,
    document TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX objects_revision ON objects (revision);

-- The audit log. Time is in nanoseconds since 1970, by the clock of the machine: the order is
-- that of the number. Personal is NULL once it was deleted.
CREATE TABLE records (
    number   INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    account  TEXT NOT NULL,
    leaf     BLOB NOT NULL,
    personal BLOB
) STRICT;
CREATE INDEX records_account ON records (account);

-- The hashes of the log's tree, each at the place that golang.org/x/mod/sumdb/tlog gives it.
CREATE TABLE hashes (
    place INTEGER PRIMARY KEY,
    hash  BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- The keys of the commitments that leaves have in place of personal fields.
CREATE TABLE commitment_keys (
    account TEXT PRIMARY KEY,
    key     BLOB NOT NULL CHECK (length(key) = 32)
) STRICT, WITHOUT ROWID;
