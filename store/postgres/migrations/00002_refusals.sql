-- +goose Up

-- What was refused, or would have been. IDs sort by time. Time is in nanoseconds since 1970:
-- to_timestamp(time / 1e9) shows it.
CREATE TABLE tollgate_refusals (
	id text COLLATE "C" PRIMARY KEY,
	account text COLLATE "C" NOT NULL,
	credential text COLLATE "C" NOT NULL,
	key text COLLATE "C" NOT NULL,
	sender text COLLATE "C" NOT NULL,
	channel text COLLATE "C" NOT NULL,
	destination text COLLATE "C" NOT NULL,
	territory text COLLATE "C" NOT NULL,
	class text COLLATE "C" NOT NULL,
	prefix text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL,
	rule text COLLATE "C" NOT NULL,
	outcome text COLLATE "C" NOT NULL,
	request_id text COLLATE "C" NOT NULL,
	client text COLLATE "C" NOT NULL,
	time bigint NOT NULL,
	revision bigint NOT NULL
);
CREATE INDEX tollgate_refusals_account ON tollgate_refusals (account, id);
