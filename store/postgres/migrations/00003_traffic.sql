-- +goose Up

-- The last day, in UTC as in RFC 3339, on which sends were let through.
CREATE TABLE tollgate_traffic (
	account text COLLATE "C" NOT NULL,
	channel text COLLATE "C" NOT NULL,
	territory text COLLATE "C" NOT NULL,
	class text COLLATE "C" NOT NULL, -- of calls, empty for messages
	day text COLLATE "C" NOT NULL,
	PRIMARY KEY (account, channel, territory, class)
);

-- One row: the first day that was watched.
CREATE TABLE tollgate_traffic_since (
	id integer PRIMARY KEY CHECK (id = 1),
	day text COLLATE "C" NOT NULL
);
