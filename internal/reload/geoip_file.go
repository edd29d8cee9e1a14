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

	"github.com/caddy-tollgate/tollgate/internal/geoip"
)

// largestGeoIP bounds a database of the countries of addresses, in bytes. GeoLite2-Country has
// 10 million, and GeoIP2-City about ten times as many.
const largestGeoIP = 256 << 20

// GeoIPFile is a database of the countries of addresses that an operator keeps in a file. One that
// cannot be read, or is older than the one in force, never takes effect. It is read into memory:
// a file that is mapped and then cut short would end the process.
type GeoIPFile struct {
	// PollInterval is how often the file is checked.
	PollInterval time.Duration

	file   string
	shown  string // as Loader.shown
	logger *zap.Logger

	// seen is the file and sum its content as they were when last read. Who loads has them.
	seen os.FileInfo
	sum  [sha256.Size]byte

	inForce atomic.Pointer[geoip.Database]
	failure atomic.Pointer[error]
}

// NewGeoIPFile returns a file that is not read yet. Its path may hold placeholders. Until it is
// read, the database before is in force, if there is one.
func (r Resolver) NewGeoIPFile(file string, before *geoip.Database, logger *zap.Logger) (*GeoIPFile, error) {
	path, err := r.Replace(file)
	if err != nil {
		return nil, fmt.Errorf("resolving placeholders in the path of the GeoIP database (is the variable set?): %w", err)
	}
	if path == "" {
		return nil, fmt.Errorf("the GeoIP database needs a file")
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("finding the GeoIP database: %w", err)
	}
	g := &GeoIPFile{PollInterval: pollInterval, file: path, shown: path, logger: logger}
	if strings.Contains(file, "{") {
		g.shown = file
	}
	if before != nil {
		g.inForce.Store(before)
	}
	return g, nil
}

// Database is the one in force, nil if there is none.
func (g *GeoIPFile) Database() *geoip.Database { return g.inForce.Load() }

// Failure is why the file, as it was when last read, is not in force, nil if it is.
func (g *GeoIPFile) Failure() error {
	if err := g.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// Load reads the file and puts its database in force. A failure is logged, once while it stays
// the same. It is called once, before Watch.
func (g *GeoIPFile) Load() error {
	failed := g.Failure()
	err := g.read()
	if err == nil {
		g.failure.Store(nil)
		return nil
	}
	err = &hidden{err, strings.ReplaceAll(err.Error(), g.file, g.shown)}
	g.failure.Store(&err)
	if failed == nil || failed.Error() != err.Error() {
		g.logger.Error("GeoIP database not loaded: the previous one stays in force, if there is one", zap.String("file", g.shown), zap.Error(err))
	}
	return err
}

func (g *GeoIPFile) read() error {
	before, content, err := readStill("GeoIP database", g.file, func(file string) ([]byte, error) {
		return readLimited("GeoIP database", file, largestGeoIP)
	})
	g.seen = before
	if err != nil {
		return err
	}
	sum, inForce := sha256.Sum256(content), g.Database()
	if inForce != nil && sum == g.sum {
		return nil
	}
	database, err := geoip.Read(content)
	if err != nil {
		return fmt.Errorf("reading the GeoIP database: %s: %w", g.file, err)
	}
	metadata := database.Metadata()
	if inForce != nil && metadata.Built.Before(inForce.Metadata().Built) {
		return fmt.Errorf("checking the GeoIP database: %s is of %s, older than the one in force, of %s",
			g.file, metadata.Built.Format(time.DateOnly), inForce.Metadata().Built.Format(time.DateOnly))
	}
	g.sum = sum
	g.inForce.Store(database)
	g.logger.Info("GeoIP database loaded", zap.String("file", g.shown), zap.String("type", metadata.Type),
		zap.String("built", metadata.Built.Format(time.DateOnly)), zap.String("sha256", hex.EncodeToString(sum[:])))
	return nil
}

// Watch loads the file again when it has changed, and from time to time while it is not in force.
// Stop ends the watch and waits until it has ended.
func (g *GeoIPFile) Watch() (stop func()) { return watch(g.file, g.PollInterval, g.seen, g.Load) }
