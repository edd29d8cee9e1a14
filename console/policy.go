package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

// policyPart is a part of what is in force for all accounts, as the API lists it.
type policyPart struct {
	Member string          `json:"member"`
	Value  json.RawMessage `json:"value"`
	Stated string          `json:"stated"`
	Place  string          `json:"place"`
	Block  string          `json:"block"`
}

// Text is the part as people write it.
func (p *policyPart) Text() string { return indented(p.Value) }

// indented is JSON over several lines.
func indented(text json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return string(text) // the API writes JSON
	}
	return b.String()
}

// policyMember are the parts of one member of the policy.
type policyMember struct {
	Name  string
	Parts []policyPart
}

// policyPage is what is in force.
type policyPage struct {
	// State says which policy it is.
	State struct {
		Revision string    `json:"revision"`
		Store    int64     `json:"store"`
		Since    time.Time `json:"since"`
		Contact  time.Time `json:"contact"`
		InForce  bool      `json:"in_force"`
	}
	Members  []policyMember
	Accounts struct{ File, Store int }
	Next     string
	Cursor   string
	Problem  *problem
}

// policyInForce shows what is in force for all accounts, and where it is stated.
func policyInForce(v *visit) (page, error) {
	shown := &policyPage{Cursor: v.r.URL.Query().Get("cursor")}
	p := page{template: "policy", title: v.text("policy.title"), data: shown}
	if err := v.get(&shown.State, "/revision", nil); err != nil {
		return page{}, err
	}
	q := url.Values{"limit": {"200"}}
	if shown.Cursor != "" {
		q.Set("cursor", shown.Cursor)
	}
	var list struct {
		Parts    []policyPart `json:"parts"`
		Accounts struct{ File, Store int }
		Next     string
	}
	if err := v.orProblem(v.get(&list, "/policy/parts", q), &p, &shown.Problem); err != nil {
		return page{}, err
	}
	shown.Accounts, shown.Next = list.Accounts, list.Next
	for _, part := range list.Parts {
		if n := len(shown.Members); n == 0 || shown.Members[n-1].Name != part.Member {
			shown.Members = append(shown.Members, policyMember{Name: part.Member})
		}
		last := &shown.Members[len(shown.Members)-1]
		last.Parts = append(last.Parts, part)
	}
	return p, nil
}

// downloadPolicy answers with all that the store states, as a policy file.
func downloadPolicy(v *visit) (page, error) {
	var text json.RawMessage
	header, err := v.do(call{path: "/policy"}, &text)
	if err != nil {
		return page{}, err
	}
	revision := unquoted(header.Get("ETag"))
	v.w.Header().Set("Content-Type", "application/json")
	v.w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "policy-"+revision+".json"))
	_, _ = v.w.Write([]byte(indented(text) + "\n")) // the client may be gone
	return page{written: true}, nil
}

// unquoted is the revision of an ETag.
func unquoted(etag string) string {
	var text string
	if err := json.Unmarshal([]byte(etag), &text); err != nil {
		return "" // of what has none
	}
	return text
}
