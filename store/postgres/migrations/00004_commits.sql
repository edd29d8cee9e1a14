-- +goose Up

-- The random names of the last 10,000 changes. A revision that was lost when the database went
-- back, and is given again, has another name.
CREATE TABLE tollgate_commits (
	revision bigint PRIMARY KEY,
	id text COLLATE "C" NOT NULL
);

-- A trigger names the changes of older gates, too.
-- +goose StatementBegin
CREATE FUNCTION tollgate_name_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO tollgate_commits (revision, id) VALUES (NEW.revision, gen_random_uuid())
		ON CONFLICT (revision) DO UPDATE SET id = excluded.id;
	DELETE FROM tollgate_commits WHERE revision <= NEW.revision - 10000;
	RETURN NULL;
END
$$;
-- +goose StatementEnd

-- From here on no change is made until the present one has its name.
CREATE TRIGGER tollgate_revision_named AFTER UPDATE ON tollgate_revision
	FOR EACH ROW WHEN (NEW.revision <> OLD.revision) EXECUTE FUNCTION tollgate_name_commit();
INSERT INTO tollgate_commits (revision, id) SELECT revision, gen_random_uuid() FROM tollgate_revision;
