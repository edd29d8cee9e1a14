package sqlite

import (
	"context"
	"errors"
	"fmt"

	engine "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

var errClosed = errors.New("the store is closed")

// inWords says of errors of SQLite what an operator can do (https://sqlite.org/rescode.html).
var inWords = map[int]string{
	codes.SQLITE_BUSY:     "another program holds the file: end it, or let it finish",
	codes.SQLITE_CANTOPEN: "the user that runs the gate must be able to read and write the file and its folder",
	codes.SQLITE_CORRUPT:  "the file is damaged: put it back from a backup",
	codes.SQLITE_FULL:     "the disk is full: nothing was changed; make room",
	codes.SQLITE_IOERR:    "the disk does not read or write: see the log of the system, and whether it is full",
	codes.SQLITE_NOTADB:   "the file is not a database, or it is damaged: name another one, or put it back from a backup",
	codes.SQLITE_PERM:     "the user that runs the gate must be able to write the file",
	codes.SQLITE_READONLY: "the user that runs the gate must be able to write the file and its folder",
}

// failed is an error of the engine with the file, and in words.
func (s *Store) failed(ctx context.Context, doing string, err error) error {
	var e *engine.Error
	switch {
	case ctx.Err() != nil: // the engine may report an interrupt instead
		return fmt.Errorf("%s %s: %w", doing, s.path, context.Cause(ctx))
	case s.isClosed(): // the engine reports a database that is closed
		return fmt.Errorf("%s %s: %w", doing, s.path, errClosed)
	case errors.As(err, &e):
		// The low byte of a code is its class.
		if words, ok := inWords[e.Code()&0xff]; ok {
			return fmt.Errorf("%s %s: %s (%w)", doing, s.path, words, err)
		}
	}
	return fmt.Errorf("%s %s: %w", doing, s.path, err)
}
