package rates

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Row is a price as a deck states it.
type Row struct {
	// Of is a prefix or a territory.
	Of       string
	Kind     Kind
	Price    Price
	Currency string
}

// Write writes a deck of rows. Of several prices for one prefix or territory, the most expensive counts.
// All must be in one currency.
func Write(w io.Writer, rows []Row) error {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b Row) int {
		if a.Kind != b.Kind {
			return int(a.Kind) - int(b.Kind)
		}
		if order := strings.Compare(a.Of, b.Of); order != 0 {
			return order
		}
		return int(b.Price - a.Price)
	})
	out := csv.NewWriter(w)
	_ = out.Write([]string{"prefix", "channel", "price", "currency"}) // Error has what went wrong
	for i, row := range rows {
		if row.Currency != rows[0].Currency {
			return fmt.Errorf("the prices are in %s and in %s: a deck has one currency", rows[0].Currency, row.Currency)
		}
		if i > 0 && rows[i-1].Kind == row.Kind && rows[i-1].Of == row.Of {
			continue
		}
		_ = out.Write([]string{row.Of, row.Kind.String(), row.Price.String(), row.Currency})
	}
	out.Flush()
	return out.Error()
}
