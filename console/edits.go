package console

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// edit is a switch that is turned, as the API has it.
type edit struct {
	Channel   string `json:"channel"`
	Class     string `json:"class,omitempty"`
	Territory string `json:"territory"`
	Open      bool   `json:"open"`
}

// change is what a form asks for: switches that are turned, a list that the account states no more,
// or another part of its document.
type change struct {
	edits []edit
	// optional are those that are made only if one acknowledges that they are risky.
	optional []edit
	// inherit is the channel of that list; empty is none.
	inherit string
	// patch is a merge patch of the account in place of all this, of a part of its page.
	patch json.RawMessage
	part  string
}

// all are the edits with those that are optional.
func (c *change) all() []edit { return slices.Concat(c.edits, c.optional) }

// call is the request that makes the change, if all of it is meant. A list that is inherited becomes the account's own
// only where that is to end.
func (c *change) call(id string, endInheritance bool) call {
	if c.patch != nil {
		return call{method: http.MethodPatch, path: pathOf("accounts", id), body: c.patch}
	}
	if c.inherit != "" {
		return call{method: http.MethodPatch, path: pathOf("accounts", id), body: map[string]any{c.inherit: nil}}
	}
	return call{method: http.MethodPost, path: pathOf("accounts", id, "territories", "edit"), body: struct {
		Edits          []edit `json:"edits"`
		EndInheritance bool   `json:"end_inheritance"`
	}{c.all(), endInheritance}}
}

// changeOf reads the change that a form asks for. What is wrong with it, the API says.
func changeOf(form url.Values) *change {
	c := new(change)
	if patch := form.Get("patch"); json.Valid([]byte(patch)) {
		c.patch, c.part = json.RawMessage(patch), form.Get("part")
		return c
	}
	if channel := form.Get("inherit"); slices.Contains(channels, channel) {
		c.inherit = channel
		return c
	}
	for _, text := range form["edit"] {
		c.edits = append(c.edits, readEdit(text))
	}
	for _, text := range form["optional"] {
		c.optional = append(c.optional, readEdit(text))
	}
	return c
}

// opens and closes are how a form writes what an edit does.
const opens, closes = "open", "close"

// readEdit reads an edit as a form writes it: what is done, and the switch.
func readEdit(text string) edit {
	parts := append(strings.SplitN(text, "/", 4), "", "", "", "")
	e := edit{Channel: parts[1], Class: parts[2], Territory: parts[3], Open: parts[0] == opens}
	if e.Channel != "voice" && e.Class == noClass {
		e.Class = ""
	}
	return e
}

// text is the edit as a form writes it.
func (e *edit) text() string {
	does := closes
	if e.Open {
		does = opens
	}
	return does + "/" + switchOf(e.Channel, e.Class, e.Territory)
}

// turned are the switches that are not as they were when the page was made, each once.
func turned(was, is []string) (turned []edit) {
	for _, name := range without(is, was) {
		turned = append(turned, readEdit(opens+"/"+name))
	}
	for _, name := range without(was, is) {
		turned = append(turned, readEdit(closes+"/"+name))
	}
	return turned
}

// without are the names of a list that another one lacks, each once. A form may have hundreds of
// thousands of them.
func without(names, others []string) (left []string) {
	known := make(map[string]bool, len(others))
	for _, name := range others {
		known[name] = true
	}
	for _, name := range names {
		if !known[name] {
			known[name] = true
			left = append(left, name)
		}
	}
	return left
}

// changeResult is what the API answers to a change.
type changeResult struct {
	Changed    bool           `json:"changed"`
	Difference []statedChange `json:"difference"`
	HighRisk   []string       `json:"high_risk"`
	Concerned  *struct {
		Accounts int `json:"accounts"`
		Compared int `json:"compared"`
		Changed  int `json:"changed"`
		Listed   int `json:"listed"`
	} `json:"concerned"`
	ClosesInUse int `json:"closes_in_use"`
	InUse       []struct {
		Account   string `json:"account"`
		Channel   string `json:"channel"`
		Territory string `json:"territory"`
		Class     string `json:"class"`
		Last      string `json:"last"`
	} `json:"in_use"`
}

// statedChange is one thing that changes.
type statedChange struct {
	Direction   string   `json:"direction"`
	Account     string   `json:"account"`
	Name        string   `json:"name"`
	Label       string   `json:"label"`
	Sender      string   `json:"sender"`
	Channel     string   `json:"channel"`
	Class       string   `json:"class"`
	Territories []string `json:"territories"`
	What        string   `json:"what"`
	Text        string   `json:"text"`
}

// previewPage is what a change would do, before it is made.
type previewPage struct {
	ID      string
	Account *accountLists
	Channel string
	// Edits are those of the form, as it writes them, Optional those that are made only if one
	// acknowledges the risk, and Inherit the list that is stated no more.
	Edits, Optional []string
	Inherit         string
	// Patch is a merge patch of the account, if that is the change, and Part the page that it is of.
	Patch, Part string
	// Match is the ETag of the account that was asked.
	Match string
	// List is the one that becomes the account's own, if one does.
	List   *accountList
	Result changeResult
	// Opens and Closes are the territories, and Changes all else.
	Opens, Closes []changedTerritory
	Changes       []statedChange
	// ByRequest are territories that the carrier opens by request only.
	ByRequest []string
	// Reason and Ticket are what the client has written.
	Reason, Ticket string
	// Problem is why the change was not made.
	Problem *problem
	// IsOutdated says that someone else has changed the account since the form was made.
	IsOutdated bool
}

// NeedsAcknowledgement reports whether the author must say that they know.
func (p *previewPage) NeedsAcknowledgement() bool {
	return len(p.Result.HighRisk) > 0 || len(p.ByRequest) > 0 || len(p.Optional) > 0
}

// changedTerritory is one that opens or closes, with a number of it.
type changedTerritory struct {
	Change    statedChange
	Territory *territory
	Example   string
	// Sent is how many the account has sent to it recently, if that is known.
	Sent int64
	// IsOptional says that it opens only if one acknowledges that it is risky.
	IsOptional bool
}

// KnowsSent reports whether it is known how much was sent: it is counted by neither sender nor kind.
func (t *changedTerritory) KnowsSent() bool {
	return t.Change.Sender == "" && !strings.HasPrefix(t.Change.Channel, "verify ")
}

// previewEdits shows what the switches of a form would open and close.
func previewEdits(v *visit) (page, error) {
	form := v.r.PostForm
	c := changeOf(form)
	if c.inherit == "" {
		c.edits = turned(strings.Fields(form.Get("was")), form["on"])
		if button := form.Get("whole"); button != "" {
			if err := v.readWhole(c, button); err != nil {
				return page{}, err
			}
		}
	}
	if c.inherit == "" && len(c.all()) == 0 {
		return page{location: v.accountAt(v.r.PathValue("id"), form.Get("channel"), "")}, nil
	}
	return v.preview(c, nil)
}

// mostUndone bounds how many switches a page offers to turn back: they are in its address.
const mostUndone = 40

// accountAt is the path of an account's page. Since is the ETag of a change just made, and edits
// what it turned.
func (v *visit) accountAt(id, channel, since string, edits ...edit) string {
	query := url.Values{"channel": {channel}}
	if since != "" {
		query.Set("since", since)
	}
	for i := range edits {
		if len(edits) <= mostUndone {
			query.Add("edit", edits[i].text())
		}
	}
	return v.console.views.to("accounts", id) + "?" + query.Encode()
}

// preview shows what a change would do, and why it was refused if it was.
func (v *visit) preview(c *change, refused *problem) (page, error) {
	form := v.r.PostForm
	p := &previewPage{
		ID: v.r.PathValue("id"), Account: new(accountLists), Channel: form.Get("channel"),
		Reason: form.Get("reason"), Ticket: form.Get("ticket"), Inherit: c.inherit, Problem: refused,
		Patch: string(c.patch), Part: c.part,
	}
	shown := page{template: "preview", title: v.text("preview.title"), data: p}
	if refused != nil {
		shown.status = refused.Status
	}
	for i := range c.edits {
		p.Edits = append(p.Edits, c.edits[i].text())
	}
	for i := range c.optional {
		p.Optional = append(p.Optional, c.optional[i].text())
	}
	var err error
	if p.Match, err = v.tagOf(p.ID); err != nil {
		return page{}, err
	}
	if c.patch != nil { // it is made of the account as the form shows that
		p.Match = cmp.Or(form.Get("match"), p.Match)
	}
	if err := v.get(p.Account, pathOf("accounts", p.ID, "territories"), nil); err != nil {
		return page{}, err
	}
	for _, l := range p.Account.on(p.Channel) {
		if !l.IsOwn() && c.inherit == "" && c.patch == nil {
			p.List = &l
		}
	}
	known, err := v.territories()
	if err != nil {
		return page{}, err
	}
	tried := c.call(p.ID, true)
	tried.query, tried.match = url.Values{"dry_run": {"true"}}, p.Match
	_, err = v.do(tried, &p.Result)
	if found := (*problem)(nil); errors.As(err, &found) {
		if err = nil; refused == nil {
			p.Problem, shown.status = found, found.Status
		}
		if p.IsOutdated = c.patch != nil && found.Status == http.StatusPreconditionFailed; p.IsOutdated {
			p.Problem = &problem{Status: found.Status, Detail: v.text("preview.outdated")}
		}
	}
	if err != nil {
		return page{}, err
	}
	p.explain(c, known)
	return shown, v.countCloses(p.Closes)
}

// explain gathers what the change does, by territory.
func (p *previewPage) explain(made *change, known []territory) {
	byCode := make(map[string]*territory)
	for i := range known {
		byCode[known[i].Code] = &known[i]
	}
	for _, c := range p.Result.Difference {
		if c.What != "territories" {
			p.Changes = append(p.Changes, c)
			continue
		}
		for _, code := range c.Territories {
			t := byCode[code]
			if t == nil {
				continue
			}
			e := edit{Channel: c.Channel, Class: c.Class, Territory: code, Open: true}
			row := changedTerritory{Change: c, Territory: t, Example: t.Examples[cmp.Or(c.Class, noClass)], IsOptional: slices.Contains(p.Optional, e.text())}
			if c.Direction == "opens" {
				p.Opens = append(p.Opens, row)
			} else {
				p.Closes = append(p.Closes, row)
			}
		}
	}
	for _, e := range made.all() {
		t := byCode[e.Territory]
		if t == nil || !e.Open {
			continue
		}
		for _, f := range t.Flags {
			if f.Flag == "by_request" && f.Channel == e.Channel && !slices.Contains(p.ByRequest, t.Name) {
				p.ByRequest = append(p.ByRequest, t.Name)
			}
		}
	}
}

// makeEdits makes a change that was previewed.
func makeEdits(v *visit) (page, error) {
	form, id := v.r.PostForm, v.r.PathValue("id")
	c := changeOf(form)
	meant := *c
	if form.Get("acknowledge") == "" {
		meant.optional = nil
		if len(c.optional) > 0 && len(c.edits) == 0 {
			return v.preview(c, &problem{Status: http.StatusUnprocessableEntity, Detail: v.text("preview.nothing_left")})
		}
	}
	asked := meant.call(id, form.Get("end_inheritance") == "true")
	asked.query, asked.match = make(url.Values), form.Get("match")
	for field, name := range map[string]string{"reason": "reason", "ticket": "ticket", "acknowledge": "acknowledge_high_risk"} {
		if text := strings.TrimSpace(form.Get(field)); text != "" {
			asked.query.Set(name, text)
		}
	}
	made, err := v.do(asked, nil)
	if refused := (*problem)(nil); errors.As(err, &refused) && refused.Status < http.StatusInternalServerError && refused.Status != http.StatusForbidden {
		return v.preview(c, refused)
	}
	if err != nil {
		return page{}, err
	}
	if c.patch != nil {
		return page{location: v.partAt(id, c.part, made.Get("ETag"))}, nil
	}
	return page{location: v.accountAt(id, form.Get("channel"), made.Get("ETag"), c.edits...)}, nil
}
