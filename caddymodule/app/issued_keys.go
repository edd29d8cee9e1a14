package app

import (
	"fmt"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// issuedKeys are the keys of the key file and those of the store, as one set.
type issuedKeys struct {
	file   *reload.Keys // nil without one
	loaded func() *reload.Loaded
	// both is made again once a request finds that one of the two has changed.
	both atomic.Pointer[bothKeys]
}

// bothKeys is a set with the two that it was made of.
type bothKeys struct{ ofFile, ofStore, all *keys.Set }

// newIssuedKeys reads the key file, if there is one. What has the keys of the store is the
// policy in force.
func newIssuedKeys(path string, loaded func() *reload.Loaded, logger *zap.Logger) (*issuedKeys, error) {
	k := &issuedKeys{loaded: loaded}
	if path == "" {
		return k, nil
	}
	file, err := placeholder.Replace(path)
	if err != nil {
		return nil, fmt.Errorf("resolving the path of the key file: %w", err)
	}
	if k.file, err = reload.LoadKeys(file, carriers.All(), logger); err != nil {
		return nil, err
	}
	return k, nil
}

// noKeys is a set that is always the same one, as those of a file and of a store are until
// they change.
var noKeys = new(keys.Set)

// current are the keys in force, and must be called again for every request.
func (k *issuedKeys) current() *keys.Set {
	ofFile, ofStore := noKeys, k.loaded().Access.Keys()
	if k.file != nil {
		ofFile = k.file.Current()
	}
	if ofStore.Len() == 0 {
		return ofFile
	}
	if both := k.both.Load(); both != nil && both.ofFile == ofFile && both.ofStore == ofStore {
		return both.all
	}
	both := &bothKeys{ofFile, ofStore, ofFile.With(ofStore)}
	k.both.Store(both)
	return both.all
}

// failure is why the key file could not be read the last time, nil if it could.
func (k *issuedKeys) failure() error {
	if k.file == nil {
		return nil
	}
	return k.file.Failure()
}

// watch keeps the keys of the file up to date until it is stopped.
func (k *issuedKeys) watch() (stop func()) {
	if k.file == nil {
		return func() {}
	}
	return k.file.Watch()
}
