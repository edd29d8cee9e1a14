package console

import (
	"strconv"
	"strings"
	"time"
)

// refused is a send that was refused, or would have been.
type refused struct {
	ID          string    `json:"id"`
	Time        time.Time `json:"time"`
	Account     string    `json:"account"`
	Key         string    `json:"key"`
	Sender      string    `json:"sender"`
	Channel     string    `json:"channel"`
	Destination string    `json:"destination"`
	Territory   string    `json:"territory"`
	Class       string    `json:"class"`
	Prefix      string    `json:"prefix"`
	Reason      string    `json:"reason"`
	Rule        string    `json:"rule"`
	Outcome     string    `json:"outcome"`
	Answered    string    `json:"answered"`
	Client      string    `json:"client"`
}

// Why is the query of the page that explains a verdict. Where the destination is masked, it has the
// number with zeros for the digits that are not on record, or the territory if none are. Recorded leads to
// what is on record.
func (r *refused) Why() string {
	to, masked, territory, class := r.Destination, "", "", ""
	if !isWhole(to) {
		if to = ""; r.Prefix != "" {
			to, masked = "+"+strings.TrimPrefix(r.Prefix, "+")+"000", "true"
		} else {
			territory, class = r.Territory, r.Class
		}
	}
	from := r.Sender
	if strings.Contains(from, "*") {
		from = ""
	}
	return queryOf("account", r.Account, "channel", r.Channel, "to", to, "from", from, "at", r.Time.UTC().Format(time.RFC3339), "masked", masked,
		"territory", territory, "class", class, "recorded", r.Destination)
}

// isWhole reports whether a destination is a number of which nothing is masked.
func isWhole(destination string) bool {
	digits, ok := strings.CutPrefix(destination, "+")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// refusalsPage is what the list of refusals shows.
type refusalsPage struct {
	recordsPage
	Refusals []refused
}

// Channels and Outcomes are what refusals are selected by.
func (*refusalsPage) Channels() []string { return []string{"messaging", "voice", "whatsapp", "rcs"} }
func (*refusalsPage) Outcomes() []string { return []string{"deny", "monitor"} }

// refusals lists what was refused, the newest first.
func refusals(v *visit) (page, error) {
	selected, q := v.selectRecords(refusalFilters)
	shown := &refusalsPage{recordsPage: selected}
	p := page{template: "refusals", title: v.text("audit.refusals"), data: shown}
	var err error
	if p.named, err = v.namedIn(v.r.URL.Query()); err != nil {
		return page{}, err
	}
	q.Set("limit", strconv.Itoa(recordsAtOnce))
	var found struct {
		Items []refused `json:"items"`
	}
	err = v.get(&found, "/audit/refusals", q)
	if shown.Refusals = found.Items; len(found.Items) == recordsAtOnce {
		shown.Next = found.Items[recordsAtOnce-1].ID
	}
	return p, v.orProblem(err, &p, &shown.Problem)
}
