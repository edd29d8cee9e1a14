-- +goose Up

-- What limits hold. Changed and over are in nanoseconds since 1970; over is NULL where it never is.
CREATE TABLE tollgate_holds (
	id text COLLATE "C" PRIMARY KEY,
	document text NOT NULL,
	changed bigint NOT NULL,
	over bigint,
	number bigint NOT NULL
);
CREATE INDEX tollgate_holds_by_number ON tollgate_holds (number);

-- One row: the number of the last write, which every write updates first, so that writes are
-- numbered in the order in which they are committed.
CREATE TABLE tollgate_holds_number (
	id integer PRIMARY KEY CHECK (id = 1),
	number bigint NOT NULL
);
INSERT INTO tollgate_holds_number (id, number) VALUES (1, 0);
