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
	var id, tables int
	if err := s.writer.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if err := s.writer.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return err
	}
	switch {
	case id == application:
		return s.checkPages(ctx)
	case id == 0 && tables == 0:
		_, err := s.writer.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", application))
		return err
	}
	return fmt.Errorf("%s is the database of another program: name another file", s.path)
}

// checkPages reports a page that is damaged. What an index says is not compared with its
// table, which would take as long again (https://sqlite.org/pragma.html#pragma_quick_check).
func (s *Store) checkPages(ctx context.Context) error {
	var found string
	if err := s.writer.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("%w: %s", errDamaged, found)
	}
	return nil
}

var errDamaged = errors.New("the file is damaged: put it back from a backup")
