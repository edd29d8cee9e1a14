package console

import (
	"net/http"
	"strings"
	"time"
)

// whyQuery is the send that is asked about, as the address of the page has it.
type whyQuery struct {
	Account, Channel, To, From, At, Verification string
	// Territory and Class are asked about where To is not known.
	Territory, Class string
	// Recorded is the destination as a refusal has it on record, whose page asks.
	Recorded string
	// Masked says that the last digits of To are made up: where it comes from, they are masked.
	Masked string
}

// explanation is a verdict as the API explains it.
type explanation struct {
	Destination   string    `json:"destination"`
	Meaning       string    `json:"meaning"`
	Readings      []reading `json:"readings"`
	Account       string    `json:"account"`
	Name          string    `json:"name"`
	Label         string    `json:"label"`
	Channel       string    `json:"channel"`
	Verification  bool      `json:"verification"`
	Territory     string    `json:"territory"`
	TerritoryName string    `json:"territory_name"`
	Class         string    `json:"class"`
	Verdict       string    `json:"verdict"`
	Reason        string    `json:"reason"`
	Rule          string    `json:"rule"`
	Code          int       `json:"code"`
	Carrier       string    `json:"carrier"`
	Policy        string    `json:"policy"`
	At            time.Time `json:"at"`
	Steps         []step    `json:"steps"`
}

// reading is a number that the destination can mean.
type reading struct {
	Number      string   `json:"number"`
	Territories []string `json:"territories"`
	Kinds       []string `json:"kinds"`
	Class       string   `json:"class"`
	Listed      bool     `json:"listed"`
	Impossible  string   `json:"impossible"`
	Matched     string   `json:"matched"`
	Source      string   `json:"source"`
	Network     *struct {
		Prefix string `json:"prefix"`
		Name   string `json:"name"`
	} `json:"network"`
}

// step is one of those on the way to a verdict.
type step struct {
	Name    string    `json:"name"`
	Level   string    `json:"level"`
	Number  string    `json:"number"`
	Outcome string    `json:"outcome"`
	Text    string    `json:"text"`
	Decides bool      `json:"decides"`
	Limit   *limitUse `json:"limit"`
	Stated  *statedAt `json:"stated"`
}

// limitUse is how full a limit is. Share is a part of 1; Used is empty where it is not known.
type limitUse struct {
	Name    string  `json:"name"`
	Used    string  `json:"used"`
	Allowed string  `json:"allowed"`
	Share   float64 `json:"share"`
	Hold    string  `json:"hold"`
}

// statedAt is where a step is stated.
type statedAt struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Account string `json:"account"`
	Place   string `json:"place"`
}

// OwnAccount is the account by the name that the console has its page by.
func (e *explanation) OwnAccount() string {
	if e.Name != "" {
		return e.Name
	}
	return e.Account
}

// Deciding is the step that the verdict rests on.
func (e *explanation) Deciding() *step {
	for i := range e.Steps {
		if e.Steps[i].Decides {
			return &e.Steps[i]
		}
	}
	return nil
}

// numberSteps are the steps that are about one number, or about the whole send.
type numberSteps struct {
	Number string
	Steps  []step
}

// Parts are the steps in their order, by the number that they are about.
func (e *explanation) Parts() (parts []numberSteps) {
	for _, s := range e.Steps {
		if n := len(parts); n == 0 || parts[n-1].Number != s.Number {
			parts = append(parts, numberSteps{Number: s.Number})
		}
		last := &parts[len(parts)-1]
		last.Steps = append(last.Steps, s)
	}
	return parts
}

// Sentence is what the step says.
func (s *step) Sentence() string { return strings.TrimSpace(s.Level + " " + s.Text) }

// whyPage is what the page shows.
type whyPage struct {
	Query whyQuery
	// Record is the refusal that is asked about; nil if none is.
	Record      *refused
	Explanation *explanation
	// Territory is what there is to say where the destination is not known.
	Territory *territoryVerdict
	// IsOfThePast says that the time that is asked about is over, whose policy may have been another.
	IsOfThePast bool
	Problem     *problem
}

// why explains the verdict on a send.
func why(v *visit) (page, error) {
	asked := v.r.URL.Query()
	shown := &whyPage{Query: whyQuery{
		Account: strings.TrimSpace(asked.Get("account")), Channel: asked.Get("channel"), To: asked.Get("to"), From: asked.Get("from"),
		At: strings.TrimSpace(asked.Get("at")), Verification: asked.Get("verification"), Masked: asked.Get("masked"),
		Territory: asked.Get("territory"), Class: asked.Get("class"), Recorded: asked.Get("recorded"),
	}}
	p := page{template: "why", title: v.text("why.title"), data: shown}
	q := &shown.Query
	var err error
	if shown.Record, err = v.onRecord(q); err != nil {
		return p, v.orProblem(err, &p, &shown.Problem)
	}
	switch {
	case q.Account == "":
		return p, nil
	case q.To == "" && q.Territory != "":
		shown.Territory, err = v.judgeTerritory(q)
		return p, v.orProblem(err, &p, &shown.Problem)
	case !asked.Has("to"):
		return p, nil
	}
	body := map[string]any{"account": q.Account, "channel": q.Channel, "to": q.To, "verification": q.Verification == "true"}
	for name, value := range map[string]string{"from": q.From, "at": q.At} {
		if value != "" {
			body[name] = value
		}
	}
	found := new(explanation)
	if _, err := v.do(call{method: http.MethodPost, path: "/judge", body: body}, found); err != nil {
		return p, v.orProblem(err, &p, &shown.Problem)
	}
	shown.Explanation, shown.IsOfThePast = found, time.Since(found.At) > time.Minute
	return p, nil
}
