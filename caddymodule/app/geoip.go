package app

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/geoip"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// GeoIP names a database of the countries of addresses, in MaxMind's format, for trial accounts
// that are created by the address of a client. None is built in.
type GeoIP struct {
	// The file. A relative path is relative to the working directory of the server; in a
	// Caddyfile, to that Caddyfile. The file is watched: when it changes, its database takes
	// effect. One that cannot be read or is older than the one in force is refused, and that
	// stays.
	File string `json:"file"`
}

// geoIP parses:
//
//	geoip <file>
func (p *policyParser) geoIP() error {
	var file string
	if !p.AllArgs(&file) {
		return p.Err(`geoip needs one file: write "geoip <file>", such as GeoLite2-Country.mmdb`)
	}
	p.geoip = &GeoIP{File: directive.Beside(p.File(), file)}
	return nil
}

// provision reads the database. A gate without one starts: only who creates trial accounts needs
// it. The one that is in force stays until the file has another.
func (g *GeoIP) provision(logger *zap.Logger) (*reload.GeoIPFile, error) {
	if g == nil {
		return nil, nil
	}
	var before *geoip.Database
	if newest := running.newest.Load(); newest != nil && newest.geoip != nil && newest.GeoIP.File == g.File {
		before = newest.geoip.Database()
	}
	file, err := Resolver().NewGeoIPFile(g.File, before, logger)
	if err != nil {
		return nil, err
	}
	_ = file.Load() // it is logged, and tried again
	return file, nil
}

// watchGeoIP watches the database, if there is one.
func (a *App) watchGeoIP() (stop func()) {
	if a.geoip == nil {
		return func() {}
	}
	return a.geoip.Watch()
}

// geoIPCollector reports the database in force when it is collected.
type geoIPCollector struct{ file *reload.GeoIPFile }

var (
	geoIPAge = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "geoip_age_seconds"),
		"Time since the GeoIP database in use was made; absent without one.", []string{"type"}, nil)
	geoIPLoaded = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "geoip_file_ok"),
		"Whether the current file of the GeoIP database is in force: 0 while it is refused; absent if none is named.", nil, nil)
)

// Describe implements prometheus.Collector.
func (geoIPCollector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- geoIPAge
	descriptions <- geoIPLoaded
}

// Collect implements prometheus.Collector.
func (c geoIPCollector) Collect(metrics chan<- prometheus.Metric) {
	if c.file == nil {
		return
	}
	metrics <- prometheus.MustNewConstMetric(geoIPLoaded, prometheus.GaugeValue, oneUnless(c.file.Failure()))
	if database := c.file.Database(); database != nil {
		m := database.Metadata()
		metrics <- prometheus.MustNewConstMetric(geoIPAge, prometheus.GaugeValue, time.Since(m.Built).Seconds(), m.Type)
	}
}
