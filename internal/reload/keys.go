package reload

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// Keys holds the keys of a file, as it was when last read without a mistake.
type Keys struct {
	// PollInterval is how often the file is checked.
	PollInterval time.Duration

	file     string
	carriers keys.Carriers
	logger   *zap.Logger

	// loading is held while the file is read: one at a time.
	loading sync.Mutex
	// read is the file as it was when last read, with or without a mistake.
	read    os.FileInfo
	current atomic.Pointer[keys.Set]
	failure atomic.Pointer[error]
}

// LoadKeys reads a key file, which must exist and have no mistake. It is not watched yet.
func LoadKeys(file string, carriers keys.Carriers, logger *zap.Logger) (*Keys, error) {
	if file == "" {
		return nil, errors.New("finding the key file: no path is given")
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("finding the key file: %w", err)
	}
	k := &Keys{PollInterval: pollInterval, file: file, carriers: carriers, logger: logger}
	if err := k.load(); err != nil {
		return nil, err
	}
	return k, nil
}

// Current is the keys in force. It is one atomic load, and must be called again for every
// request: a set that was kept still has a key that was revoked since.
func (k *Keys) Current() *keys.Set { return k.current.Load() }

// Failure is why the file could not be read the last time, nil if it could. With a
// failure, the file is not what is in force.
func (k *Keys) Failure() error {
	if err := k.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// Watch puts a changed file in force, within two polls. While the file has a mistake, the
// keys before stay in force, which is logged once. Stop ends the watch and waits until it
// has ended.
func (k *Keys) Watch() (stop func()) {
	k.loading.Lock()
	seen := k.read
	k.loading.Unlock()
	return watch(k.file, k.PollInterval, seen, k.reload)
}

func (k *Keys) load() error {
	k.loading.Lock()
	defer k.loading.Unlock()
	before, set, err := readStill("key file", k.file, func(file string) (*keys.Set, error) { return keys.Read(file, k.carriers) })
	k.read = before
	if err != nil {
		k.failure.Store(&err)
		return err
	}
	k.current.Store(set)
	k.failure.Store(nil)
	if set.Exposed() {
		k.logger.Warn("every user of this machine may read the key file, "+
			"and only the gate needs to (chmod o-r)", zap.String("file", k.file))
	}
	for _, warning := range set.Warnings() {
		k.logger.Warn(warning, zap.String("file", k.file))
	}
	k.logger.Info("keys loaded", zap.String("file", k.file), zap.Int("keys", set.Len()))
	return nil
}

func (k *Keys) reload() error {
	before := k.Failure()
	err := k.load()
	if err != nil && (before == nil || before.Error() != err.Error()) {
		k.logger.Error("keys not loaded: the previous ones stay in force",
			zap.String("file", k.file),
			zap.Int("keys", k.Current().Len()),
			zap.Error(err))
	}
	return err
}
