-- +goose Up

-- What gates tell of incidents and thresholds. Over is in nanoseconds since 1970, NULL where it
-- never is.
CREATE TABLE tollgate_incidents (
	id text COLLATE "C" PRIMARY KEY,
	document text NOT NULL,
	over bigint,
	number bigint NOT NULL
);
CREATE INDEX tollgate_incidents_by_number ON tollgate_incidents (number);

-- One row: the number of the last write, which every write updates first, so that gates write one
-- after the other.
CREATE TABLE tollgate_incidents_number (
	id integer PRIMARY KEY CHECK (id = 1),
	number bigint NOT NULL
);
INSERT INTO tollgate_incidents_number (id, number) VALUES (1, 0);
