package geoip

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"
)

// Database has the countries of addresses. It never changes, and all methods may be called at
// once.
type Database struct{ reader *maxminddb.Reader }

// Metadata say which database it is.
type Metadata struct {
	// Type is the name that its maker gives all of its kind, such as GeoLite2-Country.
	Type string
	// Built is when it was made.
	Built time.Time
}

// The errors of databases, and of addresses.
var (
	// errNoCountries is a database of something else, such as of the networks of providers.
	errNoCountries = errors.New("no address in it has a country: take a database of countries or cities, such as GeoLite2-Country")
	// ErrNotPublic is an address that is no one's on the Internet, such as one of a local network.
	ErrNotPublic = errors.New("the address is not a public one")
	// ErrUnknown is an address of which the database has no country.
	ErrUnknown = errors.New("the database has no country for the address")
)

// Read reads a database, and checks all of it.
func Read(content []byte) (*Database, error) {
	reader, err := maxminddb.OpenBytes(content)
	if err != nil {
		return nil, err
	}
	if err := reader.Verify(); err != nil {
		return nil, err
	}
	for network := range reader.Networks() {
		if code, err := countryIn(network); err != nil {
			return nil, fmt.Errorf("reading %s: %w", network.Prefix(), err)
		} else if code != "" {
			return &Database{reader}, nil
		}
	}
	return nil, errNoCountries
}

// Metadata says which database it is.
func (d *Database) Metadata() Metadata {
	m := d.reader.Metadata
	return Metadata{Type: m.DatabaseType, Built: m.BuildTime().UTC()}
}

// notPublic are ranges of addresses that are no one's on the Internet, besides those that netip
// knows of (https://www.iana.org/assignments/iana-ipv4-special-registry,
// https://www.iana.org/assignments/iana-ipv6-special-registry).
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // shared behind the translators of providers
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), // of documentation, and two more
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), // of benchmarks
	netip.MustParsePrefix("240.0.0.0/4"),
	// Of protocols: what MaxMind has for Teredo is where its server is.
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"), // of documentation
	netip.MustParsePrefix("3fff::/20"),
}

// allocated are the IPv6 addresses that are given out at all
// (https://www.iana.org/assignments/ipv6-address-space). MaxMind's databases have IPv4 below ::/96,
// where no one has an address any more.
var allocated = netip.MustParsePrefix("2000::/3")

// Country is the code of the country where an address is, in ISO 3166 alpha-2. An IPv4 address
// within an IPv6 one, as sockets of both kinds have it, is that IPv4 address. Where its network is
// registered, and whom it represents, makes no difference.
func (d *Database) Country(address netip.Addr) (code string, err error) {
	address = address.Unmap()
	if !isPublic(address) {
		return "", ErrNotPublic
	}
	found := d.reader.Lookup(address)
	if found.Err() != nil { // IPv6, in a database of IPv4 alone
		return "", ErrUnknown
	}
	if code, err = countryIn(found); err != nil || code == "" {
		return "", ErrUnknown // the whole database was checked: it is of another type there
	}
	return code, nil
}

func isPublic(address netip.Addr) bool {
	if !address.IsGlobalUnicast() || address.IsPrivate() || address.Is6() && !allocated.Contains(address) {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(address) {
			return false
		}
	}
	return true
}

// countryIn is the country of a record of MaxMind's, empty if it has none
// (https://dev.maxmind.com/geoip/docs/databases/city-and-country).
func countryIn(found maxminddb.Result) (code string, err error) {
	err = found.DecodePath(&code, "country", "iso_code")
	return code, err
}
