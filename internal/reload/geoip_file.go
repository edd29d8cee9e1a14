package reload

import (
	"fmt"
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

	watchedFile[geoip.Database]
	inForce atomic.Pointer[geoip.Database]
}

// NewGeoIPFile returns a file that is not read yet. Its path may hold placeholders. Until it is
// read, the database before is in force, if there is one.
func (r Resolver) NewGeoIPFile(file string, before *geoip.Database, logger *zap.Logger) (*GeoIPFile, error) {
	g := &GeoIPFile{PollInterval: pollInterval, watchedFile: watchedFile[geoip.Database]{
		what: "GeoIP database", most: largestGeoIP, stays: "the previous one stays in force, if there is one",
		describe: func(database *geoip.Database) []zap.Field {
			metadata := database.Metadata()
			return []zap.Field{zap.String("type", metadata.Type), zap.String("built", metadata.Built.Format(time.DateOnly))}
		}}}
	if before != nil {
		g.inForce.Store(before)
	}
	return g, g.find(r, file, logger)
}

// Database is the one in force, nil if there is none.
func (g *GeoIPFile) Database() *geoip.Database { return g.inForce.Load() }

// Load reads the file and puts its database in force. A failure is logged, once while it stays
// the same. It is called once, before Watch.
func (g *GeoIPFile) Load() error {
	database, isNew, err := g.load(g.check)
	if err != nil {
		if isNew {
			g.logFailure(err)
		}
		return err
	}
	g.inForce.Store(database)
	return nil
}

// check reads a database, and refuses one that is older than the one in force.
func (g *GeoIPFile) check(content []byte) (*geoip.Database, error) {
	database, err := geoip.Read(content)
	if err != nil {
		return nil, fmt.Errorf("reading the GeoIP database: %s: %w", g.file, err)
	}
	built, inForce := database.Metadata().Built, g.Database()
	if inForce != nil && built.Before(inForce.Metadata().Built) {
		return nil, fmt.Errorf("checking the GeoIP database: %s is of %s, older than the one in force, of %s",
			g.file, built.Format(time.DateOnly), inForce.Metadata().Built.Format(time.DateOnly))
	}
	return database, nil
}

// Watch loads the file again when it has changed, and from time to time while it is not in force.
// Stop ends the watch and waits until it has ended.
func (g *GeoIPFile) Watch() (stop func()) { return g.watch(g.PollInterval, g.Load) }
