-- +goose Up

-- How many refusals there are of each account. Periods are hours since 1970, in UTC.
CREATE TABLE refusal_hours (
    account TEXT NOT NULL,
    period INTEGER NOT NULL,
    channel TEXT NOT NULL,
    territory TEXT NOT NULL,
    class TEXT NOT NULL,
    reason TEXT NOT NULL,
    outcome TEXT NOT NULL,
    refusals INTEGER NOT NULL,
    PRIMARY KEY (account, period, channel, territory, class, reason, outcome)
) STRICT, WITHOUT ROWID;

-- How many refusals there are in each hour and in each day, by unit: of each account, of each
-- place, and of each reason. What a part does not tell apart is empty.
CREATE TABLE refusal_totals (
    part TEXT NOT NULL, -- accounts, places or reasons
    unit TEXT NOT NULL, -- hour or day
    period INTEGER NOT NULL,
    account TEXT NOT NULL,
    channel TEXT NOT NULL,
    territory TEXT NOT NULL,
    class TEXT NOT NULL,
    reason TEXT NOT NULL,
    outcome TEXT NOT NULL,
    refusals INTEGER NOT NULL,
    PRIMARY KEY (part, unit, period, account, channel, territory, class, reason, outcome)
) STRICT, WITHOUT ROWID;

INSERT INTO refusal_hours (account, period, channel, territory, class, reason, outcome, refusals)
    SELECT account, time / 3600000000000, channel, territory, class, reason, outcome, count(*)
    FROM refusals GROUP BY 1, 2, 3, 4, 5, 6, 7;
INSERT INTO refusal_totals (part, unit, period, account, channel, territory, class, reason, outcome, refusals)
    SELECT 'accounts', 'hour', period, account, '', '', '', '', '', sum(refusals) FROM refusal_hours GROUP BY period, account
    UNION ALL
    SELECT 'accounts', 'day', period / 24, account, '', '', '', '', '', sum(refusals) FROM refusal_hours GROUP BY period / 24, account
    UNION ALL
    SELECT 'places', 'hour', period, '', channel, territory, class, '', '', sum(refusals) FROM refusal_hours GROUP BY period, channel, territory, class
    UNION ALL
    SELECT 'places', 'day', period / 24, '', channel, territory, class, '', '', sum(refusals) FROM refusal_hours GROUP BY period / 24, channel, territory, class
    UNION ALL
    SELECT 'reasons', 'hour', period, '', channel, '', '', reason, outcome, sum(refusals) FROM refusal_hours GROUP BY period, channel, reason, outcome
    UNION ALL
    SELECT 'reasons', 'day', period / 24, '', channel, '', '', reason, outcome, sum(refusals) FROM refusal_hours GROUP BY period / 24, channel, reason, outcome;

-- Of a prefix, or of a key, there are mostly few, or none.
CREATE INDEX refusals_prefix ON refusals (prefix);
CREATE INDEX refusals_key ON refusals (key, id) WHERE key <> '';

-- What counts nothing any more is deleted.
-- +goose StatementBegin
CREATE TRIGGER refusal_hours_emptied AFTER UPDATE ON refusal_hours WHEN NEW.refusals = 0
BEGIN
    DELETE FROM refusal_hours
        WHERE account = NEW.account AND period = NEW.period AND channel = NEW.channel AND territory = NEW.territory
        AND class = NEW.class AND reason = NEW.reason AND outcome = NEW.outcome;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER refusal_totals_emptied AFTER UPDATE ON refusal_totals WHEN NEW.refusals = 0
BEGIN
    DELETE FROM refusal_totals
        WHERE part = NEW.part AND unit = NEW.unit AND period = NEW.period AND account = NEW.account AND channel = NEW.channel
        AND territory = NEW.territory AND class = NEW.class AND reason = NEW.reason AND outcome = NEW.outcome;
END;
-- +goose StatementEnd
