-- +goose Up

-- How many refusals there are of each account. Periods are hours since 1970, in UTC.
CREATE TABLE tollgate_refusal_hours (
	account text COLLATE "C" NOT NULL,
	period bigint NOT NULL,
	channel text COLLATE "C" NOT NULL,
	territory text COLLATE "C" NOT NULL,
	class text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL,
	outcome text COLLATE "C" NOT NULL,
	refusals bigint NOT NULL
);

-- How many refusals there are in each hour and in each day, by unit: of each account, of each
-- place, and of each reason. What a part does not tell apart is empty.
CREATE TABLE tollgate_refusal_totals (
	part text COLLATE "C" NOT NULL, -- accounts, places or reasons
	unit text COLLATE "C" NOT NULL, -- hour or day
	period bigint NOT NULL,
	account text COLLATE "C" NOT NULL,
	channel text COLLATE "C" NOT NULL,
	territory text COLLATE "C" NOT NULL,
	class text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL,
	outcome text COLLATE "C" NOT NULL,
	refusals bigint NOT NULL
);

-- Triggers count the rows that are really inserted, and those that are deleted, also by older
-- gates. All lock the counts in one order.
-- +goose StatementBegin
CREATE FUNCTION tollgate_count_refusals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	change bigint := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
	INSERT INTO tollgate_refusal_hours AS kept (account, period, channel, territory, class, reason, outcome, refusals)
		SELECT account, time / 3600000000000, channel, territory, class, reason, outcome, change * count(*)
		FROM changed GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
		ON CONFLICT (account, period, channel, territory, class, reason, outcome)
		DO UPDATE SET refusals = kept.refusals + excluded.refusals;
	WITH hours AS MATERIALIZED (
		SELECT account, time / 3600000000000 AS period, channel, territory, class, reason, outcome, change * count(*) AS refusals
		FROM changed GROUP BY 1, 2, 3, 4, 5, 6, 7
	), by_hour AS MATERIALIZED (
		SELECT 'accounts' AS part, period, account, '' AS channel, '' AS territory, '' AS class, '' AS reason, '' AS outcome, sum(refusals) AS refusals
			FROM hours GROUP BY period, account
		UNION ALL
		SELECT 'places', period, '', channel, territory, class, '', '', sum(refusals) FROM hours GROUP BY period, channel, territory, class
		UNION ALL
		SELECT 'reasons', period, '', channel, '', '', reason, outcome, sum(refusals) FROM hours GROUP BY period, channel, reason, outcome
	)
	INSERT INTO tollgate_refusal_totals AS kept (part, unit, period, account, channel, territory, class, reason, outcome, refusals)
		SELECT part, 'hour', period, account, channel, territory, class, reason, outcome, refusals FROM by_hour
		UNION ALL
		SELECT part, 'day', period / 24, account, channel, territory, class, reason, outcome, sum(refusals) FROM by_hour GROUP BY 1, 3, 4, 5, 6, 7, 8, 9
		ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
		ON CONFLICT (part, unit, period, account, channel, territory, class, reason, outcome)
		DO UPDATE SET refusals = kept.refusals + excluded.refusals;
	RETURN NULL;
END
$$;

-- What counts nothing any more is deleted.
CREATE FUNCTION tollgate_delete_empty_hour() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM tollgate_refusal_hours
		WHERE (account, period, channel, territory, class, reason, outcome)
		= (NEW.account, NEW.period, NEW.channel, NEW.territory, NEW.class, NEW.reason, NEW.outcome) AND refusals = 0;
	RETURN NULL;
END
$$;
CREATE FUNCTION tollgate_delete_empty_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM tollgate_refusal_totals
		WHERE (part, unit, period, account, channel, territory, class, reason, outcome)
		= (NEW.part, NEW.unit, NEW.period, NEW.account, NEW.channel, NEW.territory, NEW.class, NEW.reason, NEW.outcome)
		AND refusals = 0;
	RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER tollgate_refusal_hours_emptied AFTER UPDATE ON tollgate_refusal_hours
	FOR EACH ROW WHEN (NEW.refusals = 0) EXECUTE FUNCTION tollgate_delete_empty_hour();
CREATE TRIGGER tollgate_refusal_totals_emptied AFTER UPDATE ON tollgate_refusal_totals
	FOR EACH ROW WHEN (NEW.refusals = 0) EXECUTE FUNCTION tollgate_delete_empty_total();

-- From here on no refusal is written until those that exist are counted. Gates spool them.
CREATE TRIGGER tollgate_refusals_counted AFTER INSERT ON tollgate_refusals
	REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tollgate_count_refusals();
CREATE TRIGGER tollgate_refusals_discounted AFTER DELETE ON tollgate_refusals
	REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tollgate_count_refusals();

-- Sorting in memory, and indexes that are made of all rows at once, take a third of the time.
SET LOCAL work_mem = '64MB';
SET LOCAL maintenance_work_mem = '128MB';
INSERT INTO tollgate_refusal_hours (account, period, channel, territory, class, reason, outcome, refusals)
	SELECT account, time / 3600000000000, channel, territory, class, reason, outcome, count(*)
	FROM tollgate_refusals GROUP BY 1, 2, 3, 4, 5, 6, 7;
INSERT INTO tollgate_refusal_totals (part, unit, period, account, channel, territory, class, reason, outcome, refusals)
	SELECT 'accounts', 'hour', period, account, '', '', '', '', '', sum(refusals) FROM tollgate_refusal_hours GROUP BY period, account
	UNION ALL
	SELECT 'places', 'hour', period, '', channel, territory, class, '', '', sum(refusals) FROM tollgate_refusal_hours
		GROUP BY period, channel, territory, class
	UNION ALL
	SELECT 'reasons', 'hour', period, '', channel, '', '', reason, outcome, sum(refusals) FROM tollgate_refusal_hours
		GROUP BY period, channel, reason, outcome;
INSERT INTO tollgate_refusal_totals (part, unit, period, account, channel, territory, class, reason, outcome, refusals)
	SELECT part, 'day', period / 24, account, channel, territory, class, reason, outcome, sum(refusals) FROM tollgate_refusal_totals
	GROUP BY 1, 3, 4, 5, 6, 7, 8, 9;
ALTER TABLE tollgate_refusal_hours ADD PRIMARY KEY (account, period, channel, territory, class, reason, outcome);
ALTER TABLE tollgate_refusal_totals ADD PRIMARY KEY (part, unit, period, account, channel, territory, class, reason, outcome);

-- Of a prefix, or of a key, there are mostly few, or none.
CREATE INDEX tollgate_refusals_prefix ON tollgate_refusals (prefix);
CREATE INDEX tollgate_refusals_key ON tollgate_refusals (key, id) WHERE key <> '';
