package reload_test

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/caddy-tollgate/tollgate/internal/geoip"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// geoIPDatabase is MaxMind's test database, as one that was built so many days later.
func geoIPDatabase(t *testing.T, days int) []byte {
	t.Helper()
	content, err := os.ReadFile("../geoip/testdata/GeoLite2-Country-Test.mmdb")
	if err != nil {
		t.Fatal(err)
	}
	// The time is a number of the metadata, of type uint64 and four bytes
	// (https://maxmind.github.io/MaxMind-DB/).
	_, after, found := bytes.Cut(content, []byte("build_epoch\x04\x02"))
	if !found {
		t.Fatal("the database does not say when it was built")
	}
	built := binary.BigEndian.Uint32(after)
	binary.BigEndian.PutUint32(after, built+uint32(days*24*60*60))
	return content
}

func geoIPFile(t *testing.T, file string, before *geoip.Database) (*reload.GeoIPFile, *observer.ObservedLogs) {
	t.Helper()
	core, logs := observer.New(zap.InfoLevel)
	g, err := (reload.Resolver{Replace: func(text string) (string, error) { return text, nil }}).NewGeoIPFile(file, before, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	return g, logs
}

func TestAGeoIPDatabaseThatIsRefusedLeavesTheOneInForce(t *testing.T) {
	for _, c := range []struct {
		name string
		bad  []byte
		want string
	}{
		{"it is older than the one in force", geoIPDatabase(t, 0), "older than"},
		{"it is cut short", geoIPDatabase(t, 2)[:9000], "reading the GeoIP database"},
		{"it is something else", []byte("version: 1\n"), "reading the GeoIP database"},
		{"it is empty", nil, "reading the GeoIP database"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "country.mmdb")
			writeFile(t, file, geoIPDatabase(t, 1))
			g, logs := geoIPFile(t, file, nil)
			if err := g.Load(); err != nil {
				t.Fatal(err)
			}
			inForce := g.Database()
			writeFile(t, file, c.bad)
			for range 2 {
				if err := g.Load(); err == nil || !strings.Contains(err.Error(), c.want) || g.Failure() == nil {
					t.Errorf("error is %v", err)
				}
			}
			if g.Database() != inForce {
				t.Error("it is in force")
			}
			if n := logs.FilterLevelExact(zap.ErrorLevel).Len(); n != 1 {
				t.Errorf("it is logged %d times", n)
			}
			writeFile(t, file, geoIPDatabase(t, 2))
			if err := g.Load(); err != nil || g.Failure() != nil || g.Database() == inForce {
				t.Errorf("a newer one is not in force: %v", err)
			}
			if err := g.Load(); err != nil || logs.FilterMessage("GeoIP database loaded").Len() != 2 {
				t.Errorf("the same one is loaded again, %v", err)
			}
		})
	}
}

func TestWithoutAFileTheGeoIPDatabaseBeforeIsInForce(t *testing.T) {
	before, err := geoip.Read(geoIPDatabase(t, 0))
	if err != nil {
		t.Fatal(err)
	}
	g, _ := geoIPFile(t, filepath.Join(t.TempDir(), "none.mmdb"), before)
	if err := g.Load(); err == nil || g.Database() != before {
		t.Errorf("error is %v", err)
	}
}

func TestAGeoIPDatabaseIsReplacedWhileTheGateRuns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "country.mmdb")
	writeFile(t, file, []byte("not yet"))
	g, _ := geoIPFile(t, file, nil)
	g.PollInterval = time.Millisecond
	if err := g.Load(); err == nil || g.Database() != nil {
		t.Fatal("it is in force")
	}
	defer g.Watch()()
	// As tools that fetch one do: a new file in place of the old.
	writeFile(t, file+".new", geoIPDatabase(t, 0))
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
	harness.Await(t, "the database is in force", func() bool { return g.Database() != nil && g.Failure() == nil })
	if country, err := g.Database().Country(netip.MustParseAddr("81.2.69.142")); country != "GB" || err != nil {
		t.Errorf("it is in %q, %v", country, err)
	}
}
