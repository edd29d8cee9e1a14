-- +goose Up

-- How many sends were let through. Periods are hours and days since 1970, in UTC.
CREATE TABLE tollgate_traffic_hours (
	account text COLLATE "C" NOT NULL,
	period bigint NOT NULL,
	channel text COLLATE "C" NOT NULL,
	territory text COLLATE "C" NOT NULL,
	class text COLLATE "C" NOT NULL, -- of calls, empty for messages
	sends bigint NOT NULL,
	PRIMARY KEY (account, period, channel, territory, class)
);
CREATE INDEX tollgate_traffic_hours_by_period ON tollgate_traffic_hours (period);

CREATE TABLE tollgate_traffic_days (
	account text COLLATE "C" NOT NULL,
	period bigint NOT NULL,
	channel text COLLATE "C" NOT NULL,
	territory text COLLATE "C" NOT NULL,
	class text COLLATE "C" NOT NULL, -- of calls, empty for messages
	sends bigint NOT NULL,
	PRIMARY KEY (account, period, channel, territory, class)
);
CREATE INDEX tollgate_traffic_days_by_period ON tollgate_traffic_days (period);
