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

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// Keys holds the keys of a file, as it was when it was last without a mistake.
type Keys struct {
	// PollInterval is how often the file is looked at.
	PollInterval time.Duration

	file     string
	carriers config.Carriers
	logger   *zap.Logger

	// loading is held while the file is read: one at a time.
	loading sync.Mutex
	// read is the file as it was when it was last read, mistaken or not.
	read    os.FileInfo
	inForce atomic.Pointer[keys.Set]
	failure atomic.Pointer[error]
}

// LoadKeys reads a key file, which must be there and without a mistake. It is not
// watched yet.
func LoadKeys(file string, carriers config.Carriers, logger *zap.Logger) (*Keys, error) {
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

// InForce is the keys in force. It costs nothing, and is asked anew for every
// request: a key that was revoked is in the set of a second ago.
func (k *Keys) InForce() *keys.Set { return k.inForce.Load() }

// Failure is why the file could not be read the last time, nil if it could: what it
// says is not what is in force.
func (k *Keys) Failure() error {
	if err := k.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// Watch puts what the file says in force whenever it has changed: within two
// looks at it. While it has a mistake, the keys before stay in force, which is
// logged once. Stop ends the watch and waits until it has ended.
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
	k.inForce.Store(set)
	k.failure.Store(nil)
	if set.Exposed() {
		k.logger.Warn("everybody on this machine may read the key file, and nobody but the gate needs to (chmod o-r)", zap.String("file", k.file))
	}
	k.logger.Info("keys loaded", zap.String("file", k.file), zap.Int("keys", set.Len()))
	return nil
}

func (k *Keys) reload() error {
	before := k.Failure()
	err := k.load()
	if err != nil && (before == nil || before.Error() != err.Error()) {
		k.logger.Error("keys not loaded: those before stay in force",
			zap.String("file", k.file),
			zap.Int("keys", k.InForce().Len()),
			zap.Error(err))
	}
	return err
}
