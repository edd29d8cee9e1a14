package console

import (
	"html/template"
	"net/url"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// nowQuery says what the page shows.
type nowQuery struct {
	// Period is how far it looks back, Account of whom, and Show what is on the map and in the
	// lists: "refused" or "sent".
	Period, Account, Show string
}

// period is one of those that the page looks back.
type period struct {
	Name string
	// Count of hours or days, of which the current one is the last.
	Count  int
	Length time.Duration
}

const day = 24 * time.Hour

// periods begin with the one that is shown if none is asked for. Of what was let through the API
// has 48 hours, and 93 days.
var periods = []period{{"24h", 24, time.Hour}, {"48h", 48, time.Hour}, {"7d", 7, day}, {"30d", 30, day}}

// periodOf is the period of a name.
func periodOf(name string) period {
	for _, p := range periods {
		if p.Name == name {
			return p
		}
	}
	return periods[0]
}

// times are when the hours or days begin.
func (p period) times(now time.Time) (times []time.Time) {
	last := now.UTC().Truncate(p.Length)
	for i := range p.Count {
		times = append(times, last.Add(time.Duration(i-p.Count+1)*p.Length))
	}
	return times
}

// nowPage is what the page shows.
type nowPage struct {
	Query   nowQuery
	Periods []period
	// Panic is that which is in force, nil without one, and Incidents those that are open.
	Panic     *stateReason
	Incidents []incident
	// Refused and Sent are charts over time; Map and Lists are of what Query.Show says.
	Refused, Sent template.HTML
	Map           template.HTML
	Steps         []mapStep
	Elsewhere     []named
	Lists         []template.HTML
	// Decisions are the last refusals.
	Decisions []refused
	// Holds are the newest, and OlderHolds is how many there are besides.
	Holds      []hold
	OlderHolds int
	// Limits are those of the account that is asked for.
	Limits []limit
	// Released says that a hold was.
	Released bool
	// Problem is why the API does not say what is asked.
	Problem *problem
}

// named is a territory and how much there is of it.
type named struct {
	Name  string
	Count int64
}

// stateReason is of a panic or suspension what is shown.
type stateReason struct {
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	Since  time.Time `json:"since"`
}

// incident is one of the API.
type incident struct {
	Account   string    `json:"account"`
	Name      string    `json:"name"`
	Reason    string    `json:"reason"`
	Rule      string    `json:"rule"`
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
	Denied    int64     `json:"denied"`
	Monitored int64     `json:"monitored"`
}

// OwnName is that of the account, or its id at the carrier.
func (i *incident) OwnName() string {
	if i.Name != "" {
		return i.Name
	}
	return i.Account
}

// now shows what is refused and let through.
func now(v *visit) (page, error) {
	asked := v.r.URL.Query()
	n := &nowPage{
		Query:    nowQuery{Period: periodOf(asked.Get("period")).Name, Account: asked.Get("account"), Show: asked.Get("show")},
		Periods:  periods,
		Released: asked.Get("done") == "released",
	}
	if n.Query.Show != "sent" {
		n.Query.Show = "refused"
	}
	p := page{template: "now", title: v.text("now.title"), data: n, script: "now.js"}
	var err error
	if p.named, err = v.namedIn(asked); err != nil {
		return page{}, err
	}
	for _, read := range []func(*visit) error{n.readState, n.readCharts, n.readPlaces, n.readDecisions, n.readHolds, n.readLimits} {
		if err := v.orProblem(read(v), &p, &n.Problem); err != nil {
			return page{}, err
		}
	}
	if n.Problem != nil {
		p.script = "" // there is nothing to follow
	}
	return p, nil
}

// readState reads what is out of the ordinary.
func (n *nowPage) readState(v *visit) error {
	found := new(stateReason)
	if err := v.get(found, "/panic", nil); err == nil {
		n.Panic = found
	} else if !isNotFound(err) {
		return err
	}
	var list struct {
		Items []incident `json:"items"`
	}
	err := v.get(&list, "/incidents", url.Values{"state": {"open"}})
	for _, i := range list.Items {
		if n.Query.Account == "" || n.Query.Account == i.Name || n.Query.Account == i.Account {
			n.Incidents = append(n.Incidents, i)
		}
	}
	return err
}

// filter is a query of the account that is asked for, if one is.
func (n *nowPage) filter(pairs ...string) url.Values {
	q := url.Values{}
	if n.Query.Account != "" {
		q.Set("account", n.Query.Account)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}

// territoryName is the name of a territory by its code, or the code.
func territoryName(code string) string {
	if t, ok := numbering.ParseTerritory(code); ok {
		return t.Name()
	}
	return code
}
