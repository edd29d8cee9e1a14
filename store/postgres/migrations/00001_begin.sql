-- +goose Up

-- One row. Who changes anything locks it first.
CREATE TABLE tollgate_revision (
	single boolean PRIMARY KEY DEFAULT true CHECK (single),
	revision bigint NOT NULL,
	-- The number of records in the audit log.
	records bigint NOT NULL
);
INSERT INTO tollgate_revision (revision, records) VALUES (0, 0);

-- The collation "C" orders by bytes, as Go does.
CREATE TABLE tollgate_objects (
	kind text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	-- The bytes as they were written; NULL if the object is deleted.
	document bytea,
	revision bigint NOT NULL,
	PRIMARY KEY (kind, id)
);
CREATE INDEX tollgate_objects_revision ON tollgate_objects (revision);

-- The keys of the accounts' commitments. A key is named by the first record that has it.
CREATE TABLE tollgate_commitment_keys (
	first_record bigint PRIMARY KEY,
	account text COLLATE "C" NOT NULL UNIQUE,
	key bytea NOT NULL
);

-- The audit log. Personal fields and key are NULL once they were deleted.
CREATE TABLE tollgate_records (
	index bigint PRIMARY KEY,
	time timestamptz NOT NULL,
	account text COLLATE "C" NOT NULL,
	leaf bytea NOT NULL,
	personal bytea,
	key bigint
);
CREATE INDEX tollgate_records_account ON tollgate_records (account);

-- The Merkle tree over the records, by golang.org/x/mod/sumdb/tlog's order of stored hashes.
CREATE TABLE tollgate_hashes (
	position bigint PRIMARY KEY,
	hash bytea NOT NULL
);
