package console

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// statedAccount is an account as its document states it.
type statedAccount struct {
	ID      string                     `json:"id"`
	Label   string                     `json:"label"`
	Verify  permissionLists            `json:"verify"`
	Senders map[string]permissionLists `json:"senders"`
	// Prefixes are kept as they are: a change of one leaves the others as they were.
	Prefixes []json.RawMessage `json:"prefixes"`
	// IsInFile says that a file states it, and Tag is its ETag otherwise.
	IsInFile bool   `json:"-"`
	Tag      string `json:"-"`
}

// Name is what people call the account.
func (a *statedAccount) Name() string {
	if a.Label != "" {
		return a.Label
	}
	return a.ID
}

// permissionLists are the lists of territories of verifications, or of a sender. Of a list, nil is
// not stated, and an empty one is none.
type permissionLists struct {
	Messaging *[]string `json:"messaging"`
	Voice     *struct {
		LowRisk           *[]string `json:"low_risk"`
		HighRiskSpecial   *[]string `json:"high_risk_special"`
		HighRiskTollFraud *[]string `json:"high_risk_tollfraud"`
	} `json:"voice"`
	WhatsApp *[]string `json:"whatsapp"`
	RCS      *[]string `json:"rcs"`
}

// listField is a field for a list of territories.
type listField struct {
	// Name of the field, and the Channel and the Class of calls of the list.
	Name, Channel, Class string
	// Text is what is stated: codes, nothing if it is not stated, or that it is none.
	Text string
}

// none is how people write a list of no territories.
const none = "none"

// fields are those of all lists.
func (l *permissionLists) fields() []listField {
	fields := []listField{{Name: "messaging", Channel: "messaging", Text: listText(l.Messaging)}}
	voice := [3]*[]string{}
	if l.Voice != nil {
		voice = [3]*[]string{l.Voice.LowRisk, l.Voice.HighRiskSpecial, l.Voice.HighRiskTollFraud}
	}
	for i, class := range voiceClasses {
		fields = append(fields, listField{Name: class, Channel: "voice", Class: class, Text: listText(voice[i])})
	}
	return append(fields, listField{Name: "whatsapp", Channel: "whatsapp", Text: listText(l.WhatsApp)},
		listField{Name: "rcs", Channel: "rcs", Text: listText(l.RCS)})
}

// voiceClasses are the risk classes of calls.
var voiceClasses = []string{"low_risk", "high_risk_special", "high_risk_tollfraud"}

// listText is a list as people write it.
func listText(list *[]string) string {
	switch {
	case list == nil:
		return ""
	case len(*list) == 0:
		return none
	}
	return strings.Join(*list, " ")
}

// writtenLists are the lists that a form has, as a merge patch in which null is not stated. IsStated
// reports whether any is.
func (v *visit) writtenLists() (patch map[string]any, isStated bool) {
	read := func(name string) any {
		list := writtenList(v.r.PostForm, name)
		isStated = isStated || list != nil
		return list
	}
	patch = map[string]any{"messaging": read("messaging"), "voice": nil, "whatsapp": read("whatsapp"), "rcs": read("rcs")}
	voice := make(map[string]any)
	for _, class := range voiceClasses {
		if voice[class] = read(class); voice[class] != nil {
			patch["voice"] = voice
		}
	}
	return patch, isStated
}

// writtenList is the list in a field of a form; nil if it is not stated.
func writtenList(form url.Values, name string) any {
	words := wordsOf(form.Get(name))
	switch {
	case len(words) == 0:
		return nil
	case len(words) == 1 && strings.EqualFold(words[0], none):
		return []string{}
	}
	return words
}

// accountPart is what the pages of parts of an account have in common.
type accountPart struct {
	Account *statedAccount
	// Part is the page, by its path below that of the account.
	Part string
	// MayEdit says that the client may change it, and IsNew that the client has just done so.
	MayEdit, IsNew bool
	// Problem is what is wrong with a form.
	Problem *problem
}

// accountParts are the pages of parts of an account. A change leads back to the one that it is of.
var accountParts = []string{"verifications", "senders", "prefixes"}

// part reads what the pages of parts of an account show.
func (v *visit) part(name string) (accountPart, error) {
	p := accountPart{Account: new(statedAccount), Part: name}
	header, err := v.do(call{path: pathOf("accounts", v.r.PathValue("id"))}, p.Account)
	if err != nil {
		return p, err
	}
	p.Account.IsInFile, p.Account.Tag = header.Get("Tollgate-Stated") == "file", header.Get("ETag")
	p.MayEdit = !p.Account.IsInFile && v.identity.May("account.patch")
	since := v.r.URL.Query().Get("since")
	p.IsNew = since != "" && since == p.Account.Tag
	return p, nil
}

// wrong makes what is wrong with a form a part of the page that has it.
func (p *accountPart) wrong(shown page, text string) page {
	p.Problem = &problem{Status: http.StatusUnprocessableEntity, Detail: text}
	shown.status = p.Problem.Status
	return shown
}

// previewPatch shows what a merge patch of an account would do. A change of it leads back to a part.
func (v *visit) previewPatch(patch map[string]any, part string) (page, error) {
	text, err := json.Marshal(patch)
	if err != nil {
		return page{}, err
	}
	return v.preview(&change{patch: text, part: part}, nil)
}

// partAt is the page of a part of an account. Since is the ETag of a change just made.
func (v *visit) partAt(id, part, since string) string {
	if !slices.Contains(accountParts, part) {
		return v.console.views.to("accounts", id)
	}
	return v.console.views.to("accounts", id, part) + queryOf("since", since)
}
