package console

import (
	"net/url"
	"time"
)

// keptOpening is one that the API keeps, in the state that it is in.
type keptOpening struct {
	ID       string          `json:"id"`
	State    string          `json:"state"`
	Document openingDocument `json:"document"`
}

// openingDocument is what was asked for, by whom, and who approved it.
type openingDocument struct {
	Account         string     `json:"account"`
	Channel         string     `json:"channel"`
	To              string     `json:"to"`
	Class           string     `json:"class"`
	From            time.Time  `json:"from"`
	Until           time.Time  `json:"until"`
	Reason          string     `json:"reason"`
	Ticket          string     `json:"ticket"`
	RequestedBy     string     `json:"requested_by"`
	RequestedPerson string     `json:"requested_person"`
	RequestedAt     time.Time  `json:"requested_at"`
	Marks           []string   `json:"marks"`
	Needed          int        `json:"approvals_needed"`
	Approvals       []approval `json:"approvals"`
	EndedAt         time.Time  `json:"ended_at"`
	EndedBy         string     `json:"ended_by"`
}

// approval is one of an opening.
type approval struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// openingStates are those of an opening, in the order in which they are shown: what waits for
// someone is first.
var openingStates = []string{"pending", "open", "scheduled", "ended", "expired"}

// openingsPage is what the list shows.
type openingsPage struct {
	Items []keptOpening `json:"items"`
	Next  string        `json:"next"`
	// Query is what they are selected by.
	Query struct{ Account, State, Cursor string } `json:"-"`
	// Problem is why the API does not list them.
	Problem *problem `json:"-"`
}

// openingsOfState are the openings of a list that are in one state.
type openingsOfState struct {
	State    string
	Openings []keptOpening
}

// States are all states.
func (p *openingsPage) States() []string { return openingStates }

// Groups are the openings by their states.
func (p *openingsPage) Groups() (groups []openingsOfState) {
	for _, state := range openingStates {
		group := openingsOfState{State: state}
		for _, o := range p.Items {
			if o.State == state {
				group.Openings = append(group.Openings, o)
			}
		}
		if len(group.Openings) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// mostOpenings is how many openings are on a page, in all states.
const mostOpenings = "500"

// openings lists openings by their states.
func openings(v *visit) (page, error) {
	list := new(openingsPage)
	asked, q := v.r.URL.Query(), url.Values{"limit": {mostOpenings}}
	for name, into := range map[string]*string{"account": &list.Query.Account, "state": &list.Query.State, "cursor": &list.Query.Cursor} {
		if *into = asked.Get(name); *into != "" {
			q.Set(name, *into)
		}
	}
	p := page{template: "openings", title: v.text("openings.title"), data: list}
	var err error
	if p.named, err = v.namedIn(asked); err != nil {
		return page{}, err
	}
	return p, v.orProblem(v.get(list, "/openings", q), &p, &list.Problem)
}
