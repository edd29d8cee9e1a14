package rates

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// maxMistakes is how many mistakes of a file are named.
const maxMistakes = 10

// Read reads a deck from a file in CSV, whose first row names the columns. A file with any
// mistake is none: what it is missing would have another price. Lines that begin with "#" are for
// people.
func Read(name string, text []byte) (*Deck, error) {
	r := reader{name: name, csv: csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF"))))}
	r.csv.Comment = '#'
	header, err := r.csv.Read()
	switch {
	case err == io.EOF:
		return nil, fmt.Errorf("%s is empty: the first row must name the columns prefix,channel,price,setup,currency", name)
	case err != nil:
		return nil, r.syntax(err)
	}
	if r.columns, err = findColumns(header); err != nil {
		return nil, fmt.Errorf("%s:1: %w", name, err)
	}
	for {
		row, err := r.csv.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, r.syntax(err)
		}
		r.row(row)
	}
	if len(r.prices) == 0 && r.mistakes == 0 {
		return nil, fmt.Errorf("%s has no prices", name)
	}
	deck := r.deck()
	if r.mistakes > maxMistakes {
		r.errors = append(r.errors, fmt.Errorf("%s: %d more mistakes", name, r.mistakes-maxMistakes))
	}
	if err := errors.Join(r.errors...); err != nil {
		return nil, err
	}
	return deck, nil
}

// reader reads the rows of one file.
type reader struct {
	name     string
	csv      *csv.Reader
	columns  columns
	currency string
	prices   []priced
	errors   []error
	mistakes int
}

// priced is a rate with what it is for: a prefix or a territory.
type priced struct {
	kind      Kind
	prefix    string
	territory numbering.Territory
	rate      Rate
}

// syntax is the error of a text that is not CSV.
func (r *reader) syntax(err error) error {
	if mistake := new(csv.ParseError); errors.As(err, &mistake) {
		return fmt.Errorf("%s:%d:%d: reading CSV: %w", r.name, mistake.Line, mistake.Column, mistake.Err)
	}
	return fmt.Errorf("reading %s: %w", r.name, err)
}

// refuse notes a mistake in a column of the row that was read last.
func (r *reader) refuse(column int, format string, arguments ...any) {
	line, at := r.csv.FieldPos(column)
	r.mistake(fmt.Errorf("%s:%d:%d: "+format, append([]any{r.name, line, at}, arguments...)...))
}

func (r *reader) mistake(err error) {
	if r.mistakes++; r.mistakes <= maxMistakes {
		r.errors = append(r.errors, err)
	}
}

// row reads a row, which has as many cells as the header.
func (r *reader) row(cells []string) {
	cell := func(column int) string { return strings.TrimSpace(cells[column]) }
	at := &r.columns
	line, _ := r.csv.FieldPos(0)
	p := priced{rate: Rate{Line: uint32(line)}}

	kind := slices.Index(KindNames, strings.ToLower(cell(at.channel)))
	if kind < 0 {
		r.refuse(at.channel, "unknown channel %q: write one of %s", cell(at.channel), strings.Join(KindNames, ", "))
		return
	}
	p.kind = Kind(kind)
	var err error
	if p.rate.Price, err = ParsePrice(cell(at.price)); err != nil {
		r.refuse(at.price, "%v", err)
	}
	if at.setup >= 0 && cell(at.setup) != "" {
		if p.rate.Setup, err = ParsePrice(cell(at.setup)); err != nil {
			r.refuse(at.setup, "%v", err)
		} else if p.kind != Call && p.rate.Setup > 0 {
			r.refuse(at.setup, "only a call has a setup price: leave it out of %s", p.kind)
		}
	}
	r.oneCurrency(strings.ToUpper(cell(at.currency)))
	separates := func(c rune) bool { return strings.ContainsRune(";, \t\r\n", c) }
	destinations := strings.FieldsFunc(cell(at.prefix), separates)
	if len(destinations) == 0 {
		r.refuse(at.prefix, "the row has no prefix and no territory")
	}
	for _, text := range destinations {
		r.destination(text, p)
	}
}

// oneCurrency checks the currency of a row: the first one is that of all.
func (r *reader) oneCurrency(text string) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	switch {
	case len(text) != 3 || strings.Trim(text, letters) != "":
		r.refuse(r.columns.currency, "%q is not a currency: write three letters of ISO 4217, such as USD", text)
	case r.currency == "":
		r.currency = text
	case r.currency != text:
		r.refuse(r.columns.currency, "the currency is %s, and that of the rows before %s: a deck has one", text, r.currency)
	}
}

// destination adds the price for a prefix, a range of prefixes or a territory.
func (r *reader) destination(text string, p priced) {
	if strings.Trim(text, "+0123456789[]-") != "" {
		territory, ok := numbering.ParseTerritory(text)
		if !ok {
			r.refuse(r.columns.prefix, "%q is neither a prefix of digits nor a territory", text)
			return
		}
		p.territory = territory
		r.prices = append(r.prices, p)
		return
	}
	prefixes, err := numbering.ExpandPrefixes(text)
	if err != nil {
		r.refuse(r.columns.prefix, "%v", err)
		return
	}
	for _, prefix := range prefixes {
		p.prefix = strings.TrimPrefix(prefix, "+")
		switch {
		case p.prefix == "" || strings.Trim(p.prefix, "0123456789") != "" || len(p.prefix) > numbering.E164Digits:
			r.refuse(r.columns.prefix, "%q is not the beginning of a number: write up to %d digits", prefix, numbering.E164Digits)
			return
		case p.prefix[0] == '0':
			r.refuse(r.columns.prefix, "%q begins with 0, and no calling code does: write it from the calling code on", prefix)
			return
		}
		r.prices = append(r.prices, p)
	}
}

// deck makes one of all prices.
func (r *reader) deck() *Deck {
	d := &Deck{Currency: r.currency}
	for i := range d.tables {
		d.tables[i].territories = make(map[numbering.Territory]Rate)
	}
	slices.SortStableFunc(r.prices, func(a, b priced) int {
		if a.kind != b.kind {
			return int(a.kind) - int(b.kind)
		}
		if a.territory != b.territory {
			return int(a.territory) - int(b.territory)
		}
		return strings.Compare(a.prefix, b.prefix)
	})
	var prefixes [kindCount][]numbering.PrefixEntry[Rate]
	for i := range r.prices {
		p, t := &r.prices[i], &d.tables[r.prices[i].kind]
		if i > 0 && p.isOf(&r.prices[i-1]) {
			if before := &r.prices[i-1]; before.rate.Price != p.rate.Price || before.rate.Setup != p.rate.Setup {
				r.mistake(fmt.Errorf("%s:%d: %s has another price in line %d: which one holds is unknown", r.name, p.rate.Line, Found{Rate: p.rate, Prefix: p.prefix, Territory: p.territory}.of(), before.rate.Line))
			}
			continue
		}
		d.Rows, t.rows = d.Rows+1, t.rows+1
		t.highest.Price, t.highest.Setup = max(t.highest.Price, p.rate.Price), max(t.highest.Setup, p.rate.Setup)
		if p.prefix == "" {
			t.territories[p.territory] = p.rate
		} else {
			prefixes[p.kind] = append(prefixes[p.kind], numbering.PrefixEntry[Rate]{Prefix: p.prefix, Value: p.rate})
		}
	}
	for i := range d.tables {
		d.tables[i].prefixes = numbering.NewPrefixMap(prefixes[i])
	}
	return d
}

// isOf reports whether two rates are for the same.
func (p *priced) isOf(other *priced) bool {
	return p.kind == other.kind && p.prefix == other.prefix && p.territory == other.territory
}
