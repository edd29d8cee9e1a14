package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// Rates names a deck of what the carrier charges, for price_limit and for limits of spend. None is
// built in.
type Rates struct {
	// The file, in CSV. A relative path is relative to the working directory of the server; in a
	// Caddyfile, to that Caddyfile. The file is watched: when it changes, its prices take effect
	// as a whole, with the policy. Prices that cannot be read, or are less than half as many, are
	// refused, and those in force stay.
	File string `json:"file"`
}

// ratesFile parses:
//
//	rates <file>
func (p *policyParser) ratesFile() error {
	var file string
	if !p.AllArgs(&file) {
		return p.Err(`rates needs one file: write "rates <file>", a CSV with the columns prefix,channel,price,setup,currency`)
	}
	p.rates = &Rates{File: directive.Beside(p.File(), file)}
	return nil
}

// ratesCollector reports the deck in force when it is collected.
type ratesCollector struct{ loader *reload.Loader }

var (
	ratesPrices = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "rates_prices"),
		"Prices of the deck of rates in use; absent without one.", []string{"currency"}, nil)
	ratesLoaded = prometheus.NewDesc(prometheus.BuildFQName(telemetry.Namespace, telemetry.Subsystem, "rates_file_ok"),
		"Whether the current file of rates is in force: 0 while it is refused; absent if none is named.", nil, nil)
)

// Describe implements prometheus.Collector.
func (ratesCollector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- ratesPrices
	descriptions <- ratesLoaded
}

// Collect implements prometheus.Collector.
func (c ratesCollector) Collect(metrics chan<- prometheus.Metric) {
	if c.loader.Rates == nil {
		return
	}
	metrics <- prometheus.MustNewConstMetric(ratesLoaded, prometheus.GaugeValue, oneUnless(c.loader.Rates.Failure()))
	if loaded := c.loader.Current(); loaded != nil && loaded.Deck != nil {
		metrics <- prometheus.MustNewConstMetric(ratesPrices, prometheus.GaugeValue, float64(loaded.Deck.Rows), loaded.Deck.Currency)
	}
}
