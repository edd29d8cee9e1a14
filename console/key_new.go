package console

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
)

// keyForm is what is written into the form of a new key.
type keyForm struct {
	Account, Name, Expires string
	// Limited says that the key is for some channels, which are Chosen.
	Limited bool
	Chosen  []string
	// Operations and Senders are lists of words; empty permits all.
	Operations, Senders string
	Terms               terms
	// Once is the name of this form, which is taken one time.
	Once    string
	Problem *problem
}

// keyChannels are those that a key can be limited to. Messaging is all messages.
var keyChannels = []string{"messaging", "voice", "whatsapp", "rcs"}

// Channels are those that the form offers.
func (f *keyForm) Channels() []string { return keyChannels }

// IsChosen reports whether a channel is.
func (f *keyForm) IsChosen(channel string) bool { return slices.Contains(f.Chosen, channel) }

// newKey shows the form of a new key.
func newKey(v *visit) (page, error) {
	form := &keyForm{Account: v.r.URL.Query().Get("account"), Once: newForm()}
	return v.newKeyPage(form), v.permitted("key.create")
}

func (v *visit) newKeyPage(form *keyForm) page {
	return page{template: "key_new", title: v.text("keys.new"), data: form}
}

// issueKey issues a key, and shows its secret. It is the only answer that has it.
func issueKey(v *visit) (page, error) {
	form := &keyForm{
		Account: v.field("account"), Name: v.field("name"), Expires: v.field("expires"),
		Limited: v.field("channels") == "some", Chosen: v.r.PostForm["channel"],
		Operations: v.field("operations"), Senders: v.field("senders"), Terms: v.terms(), Once: v.field("once"),
	}
	p := v.newKeyPage(form)
	return v.once(form.Once, func() (page, string, error) {
		var made struct {
			Document key    `json:"document"`
			Secret   string `json:"secret"`
		}
		_, err := v.do(call{method: http.MethodPost, path: "/keys", query: form.Terms.query(), body: form.body()}, &made)
		if err = v.orProblem(err, &p, &form.Problem); err != nil || form.Problem != nil {
			return p, "", err
		}
		location := v.console.views.to("keys", made.Document.SID)
		return v.issued("keys.issued", location, secret{"keys.sid", made.Document.SID}, secret{"keys.secret", made.Secret}), location, nil
	})
}

// body is the key that the API is asked for.
func (f *keyForm) body() map[string]any {
	body := map[string]any{"account": f.Account}
	if f.Name != "" {
		body["name"] = f.Name
	}
	if f.Expires != "" {
		body["expires"] = startOfDay(f.Expires)
	}
	if f.Limited {
		body["channels"] = append([]string{}, f.Chosen...)
	}
	for name, text := range map[string]string{"operations": f.Operations, "senders": f.Senders} {
		if words := wordsOf(text); len(words) > 0 {
			body[name] = words
		}
	}
	return body
}

// wordsOf are the words of a text, which are separated by commas or space.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

// startOfDay is the time at which a day begins, in UTC. What is not a day is left to the API, which
// says so.
func startOfDay(day string) string {
	if at, err := time.Parse(time.DateOnly, day); err == nil {
		return at.Format(time.RFC3339)
	}
	return day
}

// secret is something that is shown one time, with the text that says what it is.
type secret struct{ Text, Value string }

// issuedOnce is what the page shows that answers to the form of a key or a token.
type issuedOnce struct {
	Secrets []secret
	// Location is the page of what was issued.
	Location string
}

// issued is the page of what was issued.
func (v *visit) issued(title, location string, secrets ...secret) page {
	return page{template: "issued", title: v.text(title), script: "secret.js", data: issuedOnce{secrets, location}}
}
