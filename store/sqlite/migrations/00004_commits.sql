-- +goose Up

-- The random names of the last 10,000 changes. A revision that was lost with a file that was
-- put back, and is given again, has another name.
CREATE TABLE commits (
    revision INTEGER PRIMARY KEY,
    id       TEXT NOT NULL
) STRICT;
INSERT INTO commits (revision, id) SELECT revision, lower(hex(randomblob(16))) FROM revision;

-- +goose StatementBegin
CREATE TRIGGER revision_named AFTER UPDATE OF revision ON revision
BEGIN
    INSERT OR REPLACE INTO commits (revision, id) VALUES (NEW.revision, lower(hex(randomblob(16))));
    DELETE FROM commits WHERE revision <= NEW.revision - 10000;
END;
-- +goose StatementEnd
