package prefixlist

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// priceColumns are the columns of a price list, each by the names that headers have for
// it, in lower case.
var priceColumns = map[string][]string{
	"name":     {"name", "destination", "country", "description", "zone"},
	"prefixes": {"prefixes", "prefix", "codes", "code", "dial codes", "dial code", "dialcode"},
	"price":    {"price", "rate", "cost", "price per minute", "price per message"},
	"from":     {"valid from", "valid_from", "from", "effective date", "effective_date", "effective from", "date"},
}

// endColumns are headers of a column that ends a price, which is not read.
var endColumns = []string{"until", "to", "valid to", "valid_to", "valid until", "end", "end date", "end_date", "effective to"}

// priced is a prefix with its price from a time on.
type priced struct {
	Entry
	price *big.Rat
}

// readPrices reads a price list. The longest prefix whose price is valid decides, and of
// its prices the latest. What is dearer than the limit is denied.
func readPrices(r *reader, files []File) (Others, error) {
	limit, ok := parsePrice(r.Above)
	switch {
	case ok:
	case r.Above != "":
		return 0, fmt.Errorf("cannot read --above %q as a price: write digits and a point, such as %s", r.Above, priceExample(r.Above))
	default:
		return 0, errors.New("say with --above at which price a destination is denied: --above 0.50 denies what is dearer")
	}
	var list []priced
	for i := range files {
		files[i].Text = bytes.TrimPrefix(files[i].Text, []byte("\uFEFF"))
		rows := r.records(&files[i], 1)
		if len(rows) == 0 {
			continue
		}
		columns, err := priceHeader(rows[0])
		if err != nil {
			return 0, err
		}
		for _, row := range rows[1:] {
			list = append(list, r.priceRow(row, columns)...)
		}
	}
	r.periods = r.validity(list, limit)
	return Unstated, nil
}

// priceHeader finds the columns in the first row.
func priceHeader(row record) (columns map[string]int, err error) {
	columns = make(map[string]int)
	for i, cell := range row.cells {
		cell = strings.ToLower(strings.TrimSpace(cell))
		if slices.Contains(endColumns, cell) {
			return nil, fmt.Errorf("%s: the column %q is not read: write a row with the price that is valid afterwards, and its date", row.Place, cell)
		}
		for column, names := range priceColumns {
			if slices.Contains(names, cell) {
				if _, repeated := columns[column]; repeated {
					return nil, fmt.Errorf("%s: two columns could be the %s: rename one in the header", row.Place, column)
				}
				columns[column] = i
			}
		}
	}
	for _, column := range []string{"prefixes", "price"} {
		if _, ok := columns[column]; !ok {
			return nil, fmt.Errorf("%s: the first row must name the columns, with commas between them: name, prefixes, price, valid from", row.Place)
		}
	}
	return columns, nil
}

// priceRow reads the prefixes of a row.
func (r *reader) priceRow(row record, columns map[string]int) (list []priced) {
	cell := func(column string) string {
		if i, ok := columns[column]; ok && i < len(row.cells) {
			return strings.TrimSpace(row.cells[i])
		}
		return ""
	}
	price, ok := parsePrice(cell("price"))
	if !ok {
		r.refuse(row.Place, "cannot read %q as a price: write digits and a point, such as 0.95", cell("price"))
		return nil
	}
	from, err := parseDate(cell("from"))
	if err != nil {
		r.refuse(row.Place, "%v", err)
		return nil
	}
	name := strings.TrimSpace(cell("name") + " " + cell("price"))
	separates := func(c rune) bool { return strings.ContainsRune(";, \t\r\n", c) }
	texts := strings.FieldsFunc(cell("prefixes"), separates)
	if len(texts) == 0 {
		r.refuse(row.Place, "the row has no prefix")
	}
	for _, text := range texts {
		prefixes, err := numbering.ExpandPrefixes(text)
		if err != nil {
			r.refuse(row.Place, "%v", err)
			continue
		}
		for _, prefix := range prefixes {
			if digits, _, ok := r.number(row.Place, prefix); ok {
				list = append(list, priced{Entry{Digits: digits, Name: name, Place: row.Place, From: from}, price})
			}
		}
	}
	return list
}

// parsePrice reads digits with at most one point.
func parsePrice(text string) (*big.Rat, bool) {
	if text == "" || len(text) > 30 || strings.Trim(text, digitsOnly+".") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// priceExample is how a price is to be written: the text itself where only its comma is
// wrong.
func priceExample(text string) string {
	if price := strings.Replace(text, ",", ".", 1); price != text {
		if _, ok := parsePrice(price); ok {
			return price
		}
	}
	return "0.50"
}

// validity makes of prices the times in which a prefix is denied or allowed.
func (r *reader) validity(list []priced, limit *big.Rat) []Entry {
	slices.SortStableFunc(list, func(a, b priced) int {
		if c := strings.Compare(a.Digits, b.Digits); c != 0 {
			return c
		}
		return a.From.Compare(b.From)
	})
	entries := make([]Entry, 0, len(list))
	for i := range list {
		p := &list[i]
		p.Deny = p.price.Cmp(limit) > 0
		if i == 0 || list[i-1].Digits != p.Digits {
			entries = append(entries, p.Entry)
			continue
		}
		switch earlier := &list[i-1]; {
		case earlier.From.Equal(p.From) && earlier.price.Cmp(p.price) != 0:
			r.refuse(p.Place, "+%s has another price from the same day on (%s): which one is valid is not known", p.Digits, earlier.Place)
		case earlier.Deny != p.Deny:
			entries[len(entries)-1].Until = p.From
			entries = append(entries, p.Entry)
		}
	}
	return slices.DeleteFunc(entries, func(e Entry) bool { return isOver(e.Until, r.At) })
}

// isOver reports whether an end has come; the zero time never comes.
func isOver(until, at time.Time) bool { return !until.IsZero() && !until.After(at) }
