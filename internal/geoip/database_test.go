package geoip_test

import (
	"errors"
	"net/netip"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/geoip"
)

func content(t *testing.T) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/GeoLite2-Country-Test.mmdb")
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestAnAddressIsInACountryByTheDatabase(t *testing.T) {
	d, err := geoip.Read(content(t))
	if err != nil {
		t.Fatal(err)
	}
	if m := d.Metadata(); m.Type != "GeoLite2-Country" || m.Built.Year() < 2020 || m.Built.Location() != time.UTC {
		t.Errorf("it is %+v", m)
	}
	for _, c := range []struct {
		name, address, country string
		err                    error
	}{
		{"an IPv4 address", "81.2.69.142", "GB", nil},
		{"the last one before its network", "81.2.69.141", "", geoip.ErrUnknown},
		{"one within an IPv6 address", "::ffff:81.2.69.142", "GB", nil},
		{"one whose network is registered in another country", "2.125.160.216", "GB", nil},
		{"one that represents another country", "202.196.224.0", "PH", nil},
		{"an IPv6 address", "2a02:d180::1", "DE", nil},
		{"one that has a record without a country", "2a02:d500::1", "", geoip.ErrUnknown},
		{"one of a local network", "192.168.0.1", "", geoip.ErrNotPublic},
		{"one of a local network within an IPv6 address", "::ffff:192.168.0.1", "", geoip.ErrNotPublic},
		{"one of this machine", "127.0.0.1", "", geoip.ErrNotPublic},
		{"one of a link", "fe80::1", "", geoip.ErrNotPublic},
		{"one of a local IPv6 network", "fd00::1", "", geoip.ErrNotPublic},
		{"one that a provider shares", "100.127.255.255", "", geoip.ErrNotPublic},
		{"the first after these", "100.128.0.0", "", geoip.ErrUnknown},
		{"an IPv6 address that says which IPv4 one it is of", "2002:5102:458e::1", "GB", nil},
		{"one with that of a Teredo server", "2001:0:5102:458e::1", "", geoip.ErrNotPublic},
		{"the first after those of protocols", "2001:200::1", "", geoip.ErrUnknown},
		{"one that is no longer of IPv4", "::81.2.69.142", "", geoip.ErrNotPublic},
		{"one of a translator", "64:ff9b::81.2.69.142", "", geoip.ErrNotPublic},
		{"one of documentation", "203.0.113.7", "", geoip.ErrNotPublic},
		{"one of many", "224.0.0.1", "", geoip.ErrNotPublic},
		{"none", "0.0.0.0", "", geoip.ErrNotPublic},
	} {
		if country, err := d.Country(netip.MustParseAddr(c.address)); country != c.country || !errors.Is(err, c.err) {
			t.Errorf("%s, %s, is in %q, %v", c.name, c.address, country, err)
		}
	}
}

func TestADatabaseThatIsNotWholeIsRefused(t *testing.T) {
	good := content(t)
	for name, bad := range map[string][]byte{
		"nothing":            nil,
		"something else":     []byte("version: 1\n"),
		"the end cut off":    good[:len(good)-200],
		"the beginning only": good[:len(good)/2],
		"the tree cut short": slices.Concat(good[:1000], good[2000:]),
	} {
		if _, err := geoip.Read(bad); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// A database is read while requests are served: whatever is in it must not stop the gate.
func TestADamagedDatabaseIsReadWithoutAPanic(t *testing.T) {
	good := content(t)
	addresses := []netip.Addr{netip.MustParseAddr("81.2.69.142"), netip.MustParseAddr("2a02:d180::1")}
	for i := 0; i < len(good); i += 97 {
		bad := slices.Clone(good)
		bad[i] ^= 0xff
		if d, err := geoip.Read(bad); err == nil {
			for _, address := range addresses {
				_, _ = d.Country(address)
			}
		}
	}
}
