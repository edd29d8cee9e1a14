package pricing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/rates"
)

// country is what the API answers for one country:
//   - messages: https://www.twilio.com/docs/messaging/api/pricing (v1), by the network of the
//     recipient and the kind of the sender
//   - calls: https://www.twilio.com/docs/voice/pricing (v1 and v2), by prefix, and in v2 by where
//     the call comes from, too
type country struct {
	Territory string        `json:"iso_country"`
	Currency  string        `json:"price_unit"`
	Networks  []network     `json:"outbound_sms_prices"`
	Prefixes  []prefixPrice `json:"outbound_prefix_prices"`
}

type network struct {
	Prices []price `json:"prices"`
}

type prefixPrice struct {
	price
	Prefixes     []string `json:"prefixes"`
	Destinations []string `json:"destination_prefixes"`
}

// price is what the account pays, and what others do: before discounts.
type price struct {
	Current decimal `json:"current_price"`
	Base    decimal `json:"base_price"`
}

// decimal is a number that the API writes as a text in some answers.
type decimal string

// UnmarshalJSON implements json.Unmarshaler.
func (d *decimal) UnmarshalJSON(text []byte) error {
	if string(text) != "null" {
		*d = decimal(bytes.Trim(text, `"`))
	}
	return nil
}

// rate is what the account pays.
func (p *price) rate() (rates.Price, error) {
	text := p.Current
	if text == "" {
		text = p.Base
	}
	return rates.ParsePrice(string(text))
}

// Read reads one answer, or several one behind the other.
func Read(name string, text []byte) ([]rates.Row, error) {
	var rows []rates.Row
	decoder := json.NewDecoder(bytes.NewReader(text))
	for answers := 0; ; answers++ {
		var c country
		switch err := decoder.Decode(&c); {
		case err == io.EOF && answers > 0:
			return rows, nil
		case err == io.EOF:
			return nil, fmt.Errorf("%s is empty: write what the Pricing API answers for a country", name)
		case err != nil:
			return nil, fmt.Errorf("reading %s as an answer of the Pricing API: %w", name, err)
		}
		read, err := c.rows()
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		rows = append(rows, read...)
	}
}

func (c *country) rows() (rows []rates.Row, err error) {
	territory, ok := numbering.ParseTerritory(c.Territory)
	switch {
	case c.Networks == nil && c.Prefixes == nil:
		return nil, errors.New("it has no prices of sends: fetch /v1/Messaging/Countries/{IsoCountry} or /v2/Voice/Countries/{IsoCountry}")
	case !ok && c.Networks != nil: // which have no prefixes
		return nil, fmt.Errorf("unknown country %q", c.Territory)
	}
	add := func(p *price, row rates.Row) error {
		row.Currency = strings.ToUpper(c.Currency)
		if row.Price, err = p.rate(); err != nil {
			return fmt.Errorf("%s: %w", c.Territory, err)
		}
		rows = append(rows, row)
		return nil
	}
	for i := range c.Networks {
		for k := range c.Networks[i].Prices {
			if err := add(&c.Networks[i].Prices[k], rates.Row{Kind: rates.Message, Of: territory.String()}); err != nil {
				return nil, err
			}
		}
	}
	for i := range c.Prefixes {
		p := &c.Prefixes[i]
		for _, prefix := range append(p.Prefixes, p.Destinations...) {
			if err := add(&p.price, rates.Row{Kind: rates.Call, Of: strings.TrimPrefix(prefix, "+")}); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}
