package sqlite

import (
	"context"
	"errors"
	"fmt"
)

// application is the number by which a file says that it is a store of this gate ("TGAT";
// https://sqlite.org/fileformat2.html#application_id).
const application = 0x54474154

// check reports what is wrong with a file before anything is written to it.
func (s *Store) check(ctx context.Context) error {
	var mode string
	if err := s.writer.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("%s cannot be used with a write-ahead log: keep it on a disk of this machine, not on a network file system", s.path)
	}
	var id, tables, ours int
	if err := s.writer.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if err := s.writer.QueryRowContext(ctx, "SELECT count(*), count(*) FILTER (WHERE name = 'objects') FROM sqlite_schema").Scan(&tables, &ours); err != nil {
		return err
	}
	switch {
	case id == application && ours == 0:
		return nil // its process ended before the first migration
	case id == application:
		return s.checkObjects(ctx)
	case id == 0 && tables == 0:
		_, err := s.writer.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", application))
		return err
	}
	return fmt.Errorf("%s is the database of another program: name another file", s.path)
}

// checkObjects reports damage to what the gate judges by, in the time that reading it takes.
// The audit log is not read, which may be longer by far: verifying it finds damage there
// (https://sqlite.org/pragma.html#pragma_quick_check).
func (s *Store) checkObjects(ctx context.Context) error {
	var found string
	if err := s.writer.QueryRowContext(ctx, "PRAGMA quick_check(objects)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("%w: %s", errDamaged, found)
	}
	return nil
}

var errDamaged = errors.New("the file is damaged: put it back from a backup")
