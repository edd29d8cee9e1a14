package reload

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// largestNumbering bounds a file of numbering data, in bytes. The data that are built in
// have a third of a megabyte.
const largestNumbering = 4 << 20

// NumberingFile is a file of numbering data that an operator keeps. Data that cannot be read
// or are worse than those that are built in never take effect: those in force stay. A nil
// NumberingFile stands for the data that are built in.
type NumberingFile struct {
	file   string
	shown  string // as Loader.shown
	sha256 string // of the file, in hexadecimal; or empty
	logger *zap.Logger

	// seen is the file and sum its content as they were when last read.
	seen atomic.Pointer[os.FileInfo]
	sum  [sha256.Size]byte
	// data are the last that were read and good.
	data    *numbering.Data
	failure atomic.Pointer[error]
}

// NewNumberingFile returns a file that is not read yet. Its path may hold placeholders.
// With a SHA-256, the file is taken only if it has this one.
func (r Resolver) NewNumberingFile(file, sum string, logger *zap.Logger) (*NumberingFile, error) {
	path, err := r.Replace(file)
	if err != nil {
		return nil, fmt.Errorf("resolving placeholders in the path of the numbering data (is the variable set?): %w", err)
	}
	if path == "" {
		return nil, fmt.Errorf("the numbering data need a file")
	}
	if decoded, err := hex.DecodeString(sum); sum != "" && (err != nil || len(decoded) != sha256.Size) {
		return nil, fmt.Errorf("the SHA-256 of the numbering data is %q: write %d hexadecimal digits, as sha256sum prints them", sum, 2*sha256.Size)
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("finding the numbering data: %w", err)
	}
	shown := path
	if strings.Contains(file, "{") {
		shown = file
	}
	return &NumberingFile{file: path, shown: shown, sha256: strings.ToLower(sum), logger: logger}, nil
}

// Failure is why the file, as it was when last read, is not in force, nil if it is.
func (n *NumberingFile) Failure() error {
	if n == nil {
		return nil
	}
	if err := n.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// load reads the file and returns the data that are to be in force: those of the file, else
// those in force, which are none before the first policy.
func (n *NumberingFile) load(before *Loaded) *numbering.Data {
	if n == nil {
		return nil
	}
	failed := n.Failure()
	data, err := n.read()
	if err == nil {
		n.failure.Store(nil)
		if data != n.data {
			n.data = data
			metadata := data.Metadata()
			n.logger.Info("numbering data loaded", zap.String("file", n.shown), zap.String("version", metadata.Version),
				zap.String("released", metadata.Released.Format(time.DateOnly)), zap.String("sha256", hex.EncodeToString(n.sum[:])))
		}
		return data
	}
	inForce := numbering.BuiltIn()
	if before != nil {
		inForce = before.Numbering
	}
	err = &hidden{err, strings.ReplaceAll(err.Error(), n.file, n.shown)}
	n.failure.Store(&err)
	if failed == nil || failed.Error() != err.Error() {
		n.logger.Error("numbering data not loaded: the previous ones stay in force", zap.String("file", n.shown),
			zap.String("version", inForce.Metadata().Version), zap.Error(err))
	}
	return inForce
}

// read reads the data of the file. Of a file with the same content as before, it returns
// the same data.
func (n *NumberingFile) read() (*numbering.Data, error) {
	before, content, err := readStill("numbering data", n.file, func(file string) ([]byte, error) {
		return readLimited("numbering data", file, largestNumbering)
	})
	n.seen.Store(&before)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	if n.data != nil && sum == n.sum {
		return n.data, nil
	}
	if stated := hex.EncodeToString(sum[:]); n.sha256 != "" && stated != n.sha256 {
		return nil, fmt.Errorf("checking the numbering data: %s has the SHA-256 %s, not the one that the configuration states", n.file, stated)
	}
	data, err := numbering.ReadDataFile(content)
	if err != nil {
		return nil, fmt.Errorf("reading the numbering data: %s: %w", n.file, err)
	}
	if err := data.CheckSince(numbering.BuiltIn()); err != nil {
		return nil, fmt.Errorf("checking the numbering data: %s: %w", n.file, err)
	}
	n.sum = sum
	return data, nil
}

// watch calls reload when the file has changed, and from time to time while it is not in
// force.
func (n *NumberingFile) watch(interval time.Duration, reload func() error) (stop func()) {
	if n == nil {
		return func() {}
	}
	var seen os.FileInfo
	if read := n.seen.Load(); read != nil {
		seen = *read
	}
	return watch(n.file, interval, seen, func() error {
		if err := reload(); err != nil {
			return err
		}
		return n.Failure()
	})
}
