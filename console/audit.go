package console

import (
	"encoding/json"
	"net/url"
	"strconv"
	"time"
)

// changeRecord is a record of the log of changes.
type changeRecord struct {
	Index    int64     `json:"index"`
	Revision int64     `json:"revision"`
	Time     time.Time `json:"time"`
	Actor    struct {
		Name    string `json:"name"`
		Role    string `json:"role"`
		Address string `json:"address"`
		Through string `json:"through"`
	} `json:"actor"`
	Action  string          `json:"action"`
	Kind    string          `json:"kind"`
	Object  string          `json:"object"`
	Account string          `json:"account"`
	Reason  string          `json:"reason"`
	Ticket  string          `json:"ticket"`
	Before  json.RawMessage `json:"before"`
	After   json.RawMessage `json:"after"`
}

// Members are those of the document before and after, with what differs.
func (c *changeRecord) Members() []memberDifference { return compareDocuments(c.Before, c.After) }

// recordsPage is what all lists of the audit have in common.
type recordsPage struct {
	// Query is what the records are selected by.
	Query map[string]string
	// Next is where the next page begins, empty on the last one.
	Next string
	// Problem is why the API does not list them.
	Problem *problem
}

// Address is the query of the records that are selected, without where the page begins, and with
// more names and values in turn.
func (p *recordsPage) Address(more ...string) string {
	q := make(url.Values)
	for name, value := range p.Query {
		if value != "" && name != "before" {
			q.Set(name, value)
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "?" + q.Encode()
}

// recordsAtOnce is how many records are on a page.
const recordsAtOnce = 50

// Filters of changes and of refusals, by the names that the API has for them.
var (
	changeFilters  = []string{"account", "action", "actor", "from", "to"}
	refusalFilters = []string{"account", "channel", "territory", "class", "reason", "outcome", "key", "prefix", "from", "to"}
)

// selectRecords reads what records are selected by, and returns the query of the API.
func (v *visit) selectRecords(filters []string) (recordsPage, url.Values) {
	p, q, asked := recordsPage{Query: make(map[string]string)}, make(url.Values), v.r.URL.Query()
	for _, name := range append([]string{"before"}, filters...) {
		value := asked.Get(name)
		if p.Query[name] = value; value == "" {
			continue
		}
		if day, err := time.Parse(time.DateOnly, value); err == nil && (name == "from" || name == "to") {
			value = day.Format(time.RFC3339) // the API takes times alone
		}
		q.Set(name, value)
	}
	return p, q
}

// changesPage is what the list of changes shows.
type changesPage struct {
	recordsPage
	Changes []changeRecord
}

// changes lists changes of permissions, the newest first.
func changes(v *visit) (page, error) {
	selected, q := v.selectRecords(changeFilters)
	shown := &changesPage{recordsPage: selected}
	p := page{template: "changes", title: v.text("audit.title"), data: shown}
	var err error
	if p.named, err = v.namedIn(v.r.URL.Query()); err != nil {
		return page{}, err
	}
	q.Set("limit", strconv.Itoa(recordsAtOnce))
	var found struct {
		Items []changeRecord `json:"items"`
	}
	err = v.get(&found, "/audit/changes", q)
	if shown.Changes = found.Items; len(found.Items) == recordsAtOnce {
		shown.Next = strconv.FormatInt(found.Items[recordsAtOnce-1].Index, 10)
	}
	return p, v.orProblem(err, &p, &shown.Problem)
}

// mostExported is how many records an export has at most: what the API writes at once.
const mostExported = "1000000"

// exportChanges and exportRefusals write all that is selected as a file.
func exportChanges(v *visit) (page, error)  { return v.export("changes", changeFilters) }
func exportRefusals(v *visit) (page, error) { return v.export("refusals", refusalFilters) }

func (v *visit) export(what string, filters []string) (page, error) {
	_, q := v.selectRecords(filters)
	format := v.r.URL.Query().Get("format")
	if format != "csv" {
		format = "jsonl"
	}
	q.Set("format", format)
	q.Set("limit", mostExported)
	err := v.console.api.download(v.r.Context(), v.w, call{path: "/audit/" + what, query: q}, what+"."+format)
	return page{written: err == nil}, err
}
