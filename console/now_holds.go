package console

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// hold is one of the API.
type hold struct {
	ID      string            `json:"id"`
	Limit   string            `json:"limit"`
	Level   string            `json:"level"`
	Account string            `json:"account"`
	Values  map[string]string `json:"values"`
	State   string            `json:"state"`
	Since   time.Time         `json:"since"`
	Until   *time.Time        `json:"until"`
	Repeats int               `json:"repeats"`
	Refused int64             `json:"refused"`
	// Seen says which numbers were refused.
	Seen struct {
		Text string `json:"text"`
	} `json:"seen"`
	LimitIsGone bool `json:"limit_is_gone"`
}

// What is what is held: the values of the dimensions but the account, in their order.
func (h *hold) What() (what []string) {
	for _, dimension := range slices.Sorted(maps.Keys(h.Values)) {
		if dimension != "account" {
			what = append(what, h.Values[dimension])
		}
	}
	return what
}

// Prefix is how all numbers begin that are held; empty if that is not one prefix, or not known.
func (h *hold) Prefix() (prefix string) {
	for dimension, value := range h.Values {
		kind, _, isLong := strings.Cut(dimension, ":")
		begins := strings.TrimRight(value, "x")
		if isLong && (kind == "block" || kind == "prefix") && isWhole(begins) && len(begins) > len(prefix) {
			prefix = begins
		}
	}
	return prefix
}

// limit is one in force for an account.
type limit struct {
	Name  string `json:"name"`
	Level string `json:"level"`
	Words string `json:"words"`
	Use   *struct {
		Used    string  `json:"used"`
		Allowed string  `json:"allowed"`
		Fill    float64 `json:"fill"`
	} `json:"use"`
}

// Percent is how full the limit is, at most 100.
func (l *limit) Percent() int { return int(min(l.Use.Fill, 1) * 100) }

// mostHolds is how many holds are shown: the newest. The API lists them by their ids.
const mostHolds = 100

// readHolds reads all holds, page by page.
func (n *nowPage) readHolds(v *visit) error {
	q := n.filter("limit", "1000")
	for {
		var found struct {
			Items []hold `json:"items"`
			Next  string `json:"next"`
		}
		if err := v.get(&found, "/holds", q); err != nil {
			return err
		}
		n.Holds = append(n.Holds, found.Items...)
		if found.Next == "" {
			break
		}
		q.Set("cursor", found.Next)
	}
	slices.SortStableFunc(n.Holds, func(a, b hold) int { return b.Since.Compare(a.Since) })
	n.OlderHolds = max(len(n.Holds)-mostHolds, 0)
	n.Holds = n.Holds[:len(n.Holds)-n.OlderHolds]
	return nil
}

func (n *nowPage) readLimits(v *visit) error {
	if n.Query.Account == "" {
		return nil
	}
	var found struct {
		Items []limit `json:"items"`
	}
	err := v.get(&found, "/limits", n.filter())
	n.Limits = found.Items
	return err
}

// releaseHold releases a hold, and leads back to where its form was.
func releaseHold(v *visit) (page, error) {
	form := v.r.PostForm
	_, err := v.do(call{method: http.MethodDelete, path: pathOf("holds", form.Get("id")), query: url.Values{"reason": {form.Get("reason")}}}, nil)
	if err != nil {
		return page{}, err
	}
	back := url.Values{"done": {"released"}}
	for _, name := range []string{"account", "period", "show"} {
		if value := form.Get(name); value != "" {
			back.Set(name, value)
		}
	}
	return page{location: v.console.views.to("now", "") + "?" + back.Encode() + "#holds"}, nil
}

// isNotFound reports whether the API knows of no such thing.
func isNotFound(err error) bool {
	p := (*problem)(nil)
	return errors.As(err, &p) && p.Status == http.StatusNotFound
}
