package reload

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
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
	watchedFile[numbering.Data]
	sha256 string // of the file, in hexadecimal; or empty
}

// NewNumberingFile returns a file that is not read yet. Its path may hold placeholders.
// With a SHA-256, the file is taken only if it has this one.
func (r Resolver) NewNumberingFile(file, sum string, logger *zap.Logger) (*NumberingFile, error) {
	if decoded, err := hex.DecodeString(sum); sum != "" && (err != nil || len(decoded) != sha256.Size) {
		return nil, fmt.Errorf("the SHA-256 of the numbering data is %q: write %d hexadecimal digits, as sha256sum prints them", sum, 2*sha256.Size)
	}
	n := &NumberingFile{watchedFile[numbering.Data]{what: "numbering data", most: largestNumbering, stays: "the previous ones stay in force",
		describe: func(data *numbering.Data) []zap.Field {
			metadata := data.Metadata()
			return []zap.Field{zap.String("version", metadata.Version), zap.String("released", metadata.Released.Format(time.DateOnly))}
		}}, strings.ToLower(sum)}
	return n, n.find(r, file, logger)
}

// Failure is why the file, as it was when last read, is not in force, nil if it is.
func (n *NumberingFile) Failure() error {
	if n == nil {
		return nil
	}
	return n.watchedFile.Failure()
}

// load reads the file and returns the data that are to be in force: those of the file, else
// those in force, which are none before the first policy.
func (n *NumberingFile) load(before *Loaded) *numbering.Data {
	if n == nil {
		return nil
	}
	data, isNew, err := n.watchedFile.load(n.check)
	if err == nil {
		return data
	}
	inForce := numbering.BuiltIn()
	if before != nil {
		inForce = before.Numbering
	}
	if isNew {
		n.logFailure(err, zap.String("version", inForce.Metadata().Version))
	}
	return inForce
}

// check reads data, and refuses others than the configuration states, or older ones than are built
// in.
func (n *NumberingFile) check(content []byte) (*numbering.Data, error) {
	sum := sha256.Sum256(content)
	if is := hex.EncodeToString(sum[:]); n.sha256 != "" && is != n.sha256 {
		return nil, fmt.Errorf("checking the numbering data: %s has the SHA-256 %s, not the one that the configuration states", n.file, is)
	}
	data, err := numbering.ReadDataFile(content)
	if err != nil {
		return nil, fmt.Errorf("reading the numbering data: %s: %w", n.file, err)
	}
	if err := data.CheckSince(numbering.BuiltIn()); err != nil {
		return nil, fmt.Errorf("checking the numbering data: %s: %w", n.file, err)
	}
	return data, nil
}

func (n *NumberingFile) watch(interval time.Duration, reload func() error) (stop func()) {
	if n == nil {
		return func() {}
	}
	return n.watchedFile.watch(interval, reload)
}
