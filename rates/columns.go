package rates

import (
	"fmt"
	"slices"
	"strings"
)

// columns are the places of the columns in each row, -1 for one that a file does not have.
type columns struct{ prefix, channel, price, setup, currency int }

// columnNames are the names that headers have for each column, in lower case.
var columnNames = struct{ prefix, channel, price, setup, currency []string }{
	prefix:   []string{"prefix", "prefixes", "code", "codes", "dial code", "dial codes", "dialcode", "destination prefixes", "territory"},
	channel:  []string{"channel"},
	price:    []string{"price", "rate", "cost", "price per minute", "price per message", "price/min", "price / min", "price/msg", "price / msg"},
	setup:    []string{"setup", "setup price", "setup fee", "connection fee"},
	currency: []string{"currency", "price unit", "price_unit"},
}

// changing are headers of columns by which the price of a row is not the one that holds for all
// sends now. To leave them unread would be to get the price wrong.
var changing = []string{
	"valid from", "valid_from", "from", "effective date", "effective_date", "effective from", "date",
	"until", "to", "valid to", "valid_to", "valid until", "end", "end date", "end_date", "effective to",
	"origination prefixes", "origination_prefixes", "origin",
}

// findColumns finds the columns by the first row. Others are for people.
func findColumns(header []string) (columns, error) {
	at := columns{-1, -1, -1, -1, -1}
	all := []struct {
		place *int
		name  string
		names []string
	}{
		{&at.prefix, "prefix", columnNames.prefix},
		{&at.channel, "channel", columnNames.channel},
		{&at.price, "price", columnNames.price},
		{&at.setup, "setup", columnNames.setup},
		{&at.currency, "currency", columnNames.currency},
	}
	for i, cell := range header {
		cell = strings.ToLower(strings.TrimSpace(cell))
		if slices.Contains(changing, cell) {
			return at, fmt.Errorf("the column %q is not read: leave it out, and each row that does not hold for all sends now", cell)
		}
		for _, c := range all {
			switch {
			case !slices.Contains(c.names, cell):
			case *c.place >= 0:
				return at, fmt.Errorf("two columns could be the %s: rename one in the header", c.name)
			default:
				*c.place = i
			}
		}
	}
	for _, c := range all {
		if *c.place < 0 && c.name != "setup" {
			return at, fmt.Errorf("the column %s is missing: the first row must name the columns, with commas between them: prefix,channel,price,setup,currency, of which setup may be left out", c.name)
		}
	}
	return at, nil
}
