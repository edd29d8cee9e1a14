package sqlite

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/caddy-tollgate/tollgate/store"
)

// OpenLog opens the audit log in the file of a store, to be read beside the gate that has the
// store open. The log is read until close is called.
func OpenLog(ctx context.Context, path string) (found store.Log, close func() error, err error) {
	if path, err = filepath.Abs(path); err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("opening the audit log: %w", err)
	}
	s := &Store{path: path}
	if s.reader, err = connections(path, "deferred", readSettings); err != nil {
		return nil, nil, fmt.Errorf("opening the audit log: %w", err)
	}
	if err := s.prepare(ctx); err != nil {
		err = s.failed(ctx, "opening the audit log of", err)
		s.reader.Close() // nothing was written
		return nil, nil, err
	}
	return s.Log(), s.reader.Close, nil
}
