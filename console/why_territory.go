package console

import (
	"net/url"
	"slices"
)

// territoryVerdict is whether an account may send to a territory as a whole: where a number is
// masked on record, that is all that can be said.
type territoryVerdict struct {
	Territory, Class string
	// Open are the permissions that open it, none if it is closed.
	Open []openTerritory
	// ClosedBy is the rule by which nothing is open at all, if one is.
	Closed, ClosedBy string
	// Prefixes are decided otherwise.
	Prefixes []decidedPrefix
	Account  string
}

type openTerritory struct {
	Territory string `json:"territory"`
	Class     string `json:"class"`
	Rule      string `json:"rule"`
}

// judgeTerritory asks whether an account may send to a territory as a whole.
func (v *visit) judgeTerritory(q *whyQuery) (*territoryVerdict, error) {
	asked := url.Values{"account": {q.Account}, "channel": {q.Channel}}
	for name, value := range map[string]string{"from": q.From, "at": q.At, "verification": q.Verification} {
		if value != "" {
			asked.Set(name, value)
		}
	}
	if q.Channel == "voice" && q.Class != "" {
		asked.Set("class", q.Class)
	}
	var found struct {
		Account     string          `json:"account"`
		Name        string          `json:"name"`
		Closed      string          `json:"closed"`
		ClosedBy    string          `json:"closed_by"`
		Territories []openTerritory `json:"territories"`
		Prefixes    []decidedPrefix `json:"prefixes"`
	}
	if err := v.get(&found, "/effective", asked); err != nil {
		return nil, err
	}
	t := &territoryVerdict{Territory: q.Territory, Class: q.Class, Closed: found.Closed, ClosedBy: found.ClosedBy, Account: found.Name}
	if t.Account == "" {
		t.Account = found.Account
	}
	t.Open = slices.DeleteFunc(found.Territories, func(o openTerritory) bool { return o.Territory != q.Territory })
	t.Prefixes = slices.DeleteFunc(found.Prefixes, func(p decidedPrefix) bool { return !slices.Contains(p.Territories, q.Territory) })
	return t, nil
}
