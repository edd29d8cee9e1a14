package openings

import (
	"errors"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Destination is what an opening opens: territories, or a prefix.
type Destination struct {
	// Text as it is written: "ID", "EU", "*" or "+6221".
	Text string
	// Territories, if it is not a prefix.
	Territories policy.Set
	// Prefix is E.164 digits without "+", or empty.
	Prefix string
}

// errDestination is a text that is not a destination.
var errDestination = errors.New(`must be a territory ("ID"), a group of them ("EU"), "*" for all, or a prefix ("+6221")`)

// everywhere stands for all territories.
const everywhere = "*"

// ParseDestination reads a destination, in any letter case. A whole calling code that is
// that of one territory alone is the territory: "+62" is "ID".
func ParseDestination(text string) (Destination, error) {
	if text == everywhere {
		return Destination{text, policy.SetOf(slices.Collect(numbering.AllTerritories())...), ""}, nil
	}
	if t, ok := numbering.ParseTerritory(text); ok {
		return Destination{t.String(), policy.SetOf(t), ""}, nil
	}
	if group, ok := numbering.ParseGroup(text); ok {
		return Destination{group.Name, policy.SetOf(group.Members()...), ""}, nil
	}
	digits, plus := strings.CutPrefix(text, "+")
	if !plus || digits == "" || len(digits) > numbering.E164Digits || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		return Destination{}, errDestination
	}
	if t, ok := wholeTerritory(digits); ok {
		return Destination{t.String(), policy.SetOf(t), ""}, nil
	}
	return Destination{Text: text, Prefix: digits}, nil
}

// wholeTerritory returns the territory whose one calling code, shared with no other, the
// digits are.
func wholeTerritory(digits string) (t numbering.Territory, ok bool) {
	reach := numbering.ReachOf(digits)
	if len(reach) != 1 || reach[0].Shared {
		return 0, false
	}
	t = reach[0].Territory
	return t, slices.Equal(t.CallingCodes(), []string{digits})
}

// reached returns the territories that have numbers of the destination. It is exclusive if
// each number is one territory's. Of a prefix that no known number has, it is those that
// own its calling code, or none.
func (d *Destination) reached() (territories policy.Set, exclusive bool) {
	if d.Prefix == "" {
		return d.Territories, true
	}
	reach := numbering.ReachOf(d.Prefix)
	if len(reach) == 0 {
		owners := numbering.Default().Lookup(d.Prefix)
		return policy.SetOf(owners.Territories...), !owners.Any
	}
	exclusive = true
	for _, r := range reach {
		territories.Add(r.Territory)
		exclusive = exclusive && !r.Shared
	}
	return territories, exclusive
}
