package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	_ "github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile" // the adapter

	"github.com/caddy-tollgate/tollgate/caddymodule/app"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
)

// caddyfileWriter writes a document as people would write it into a Caddyfile.
type caddyfileWriter struct {
	strings.Builder
	depth int
	// unwritable says that a text has both a backslash and a backtick, which no
	// token of a Caddyfile can hold.
	unwritable bool
}

// line writes one line of words.
func (w *caddyfileWriter) line(words ...string) {
	w.WriteString(strings.Repeat("\t", w.depth))
	for i, word := range words {
		if i > 0 {
			w.WriteByte(' ')
		}
		w.WriteString(word)
	}
	w.WriteByte('\n')
}

// block writes a line and what stands in braces behind it.
func (w *caddyfileWriter) block(inside func(), words ...string) {
	w.line(words...)
	text := strings.TrimSuffix(w.String(), "\n") + " {\n"
	w.Reset()
	w.WriteString(text)
	w.depth++
	inside()
	w.depth--
	w.line("}")
}

// text writes what is free text as one token, in quotes so that it is taken for
// no word of the grammar.
func (w *caddyfileWriter) text(text string) string {
	if !strings.Contains(text, `\`) {
		return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`
	}
	// In double quotes a backslash before a quote cannot be written.
	w.unwritable = w.unwritable || strings.Contains(text, "`")
	return "`" + text + "`"
}

func (w *caddyfileWriter) document(d *config.Document) {
	w.block(func() {
		w.block(func() {
			w.turned("observe", d.Observe)
			if d.National != "" {
				w.line("national", d.National)
			}
			if d.Default != nil {
				w.block(func() {
					w.permissions(&d.Default.Permissions)
					w.permissions((*config.Permissions)(d.Default.Verify), "verify")
				}, "default")
			}
			w.choices(d.Stored, d.UnscopedService, d.MessagingSpecial)
			w.unallocated(d.Unallocated)
			w.list(d.URLHosts, "url_hosts")
			w.limits(d.Limits)
			w.maxCall(d.MaxCall)
			w.priceLimit(d.PriceLimit)
			w.prefixes(d.Prefixes)
			for _, r := range d.Ranges {
				w.line(append([]string{"range", r.Prefix, string(r.Territory)}, optional(r.Class)...)...)
			}
			if d.Unsupported != nil {
				w.list(d.Unsupported.Messaging, "unsupported", "messaging")
				w.list(d.Unsupported.Voice, "unsupported", "voice")
				w.list(d.Unsupported.WhatsApp, "unsupported", "whatsapp")
				w.list(d.Unsupported.RCS, "unsupported", "rcs")
			}
			if d.ByRequest != nil {
				w.list(d.ByRequest.Voice, "by_request", "voice")
			}
			for i := range d.Accounts {
				a := &d.Accounts[i]
				w.block(func() { w.account(a) }, w.accountLine(a)...)
			}
		}, "tollgate")
	})
}

func (w *caddyfileWriter) accountLine(a *config.Account) []string {
	if a.Label == "" {
		return []string{"account", a.ID}
	}
	return []string{"account", a.ID, w.text(a.Label)}
}

func optional(word string) []string {
	if word == "" {
		return nil
	}
	return []string{word}
}

// flag is a word if something holds.
func flag(word string, holds bool) []string {
	if !holds {
		return nil
	}
	return []string{word}
}

func (w *caddyfileWriter) turned(word string, s config.Switch) {
	if !s.On {
		return
	}
	words := []string{word}
	if s.Reason != "" {
		words = append(words, w.text(s.Reason))
	}
	w.line(append(words, clause("until", s.Until)...)...)
}

// clause is a word with its values, nothing without values.
func clause(word string, values ...string) []string {
	if len(values) == 0 || values[0] == "" {
		return nil
	}
	return append([]string{word}, values...)
}

func (w *caddyfileWriter) account(a *config.Account) {
	for _, carrier := range slices.Sorted(maps.Keys(a.At)) {
		w.line("at", carrier, a.At[carrier])
	}
	for _, option := range [][2]string{{"parent", a.Parent}, {"home", string(a.Home)}} {
		if option[1] != "" {
			w.line(option[0], option[1])
		}
	}
	w.permissions(&a.Permissions)
	w.permissions((*config.Permissions)(a.Verify), "verify")
	if len(a.Control) > 0 {
		w.list(a.Control, "control", "allow")
	} else {
		w.list(a.Control, "control")
	}
	w.choices(a.Stored, a.UnscopedService, a.MessagingSpecial)
	w.unallocated(a.Unallocated)
	w.list(a.URLHosts, "url_hosts")
	w.limits(a.Limits)
	w.maxCall(a.MaxCall)
	w.priceLimit(a.PriceLimit)
	if a.Trial != nil {
		w.line(append([]string{"trial"}, a.Trial...)...)
	}
	w.turned("suspended", a.Suspended)
	w.turned("monitor", a.Monitor)
	if a.Keys != nil {
		w.line(append([]string{"keys"}, a.Keys...)...)
	}
	for i, credential := range a.Credentials {
		if i == 0 || len(credential)%2 == 0 { // each in a line of its own, or behind the one before
			w.line("credential", credential)
			continue
		}
		text := strings.TrimSuffix(w.String(), "\n") + " " + credential + "\n"
		w.Reset()
		w.WriteString(text)
	}
	w.prefixes(a.Prefixes)
	for i := range a.Openings {
		w.opening(&a.Openings[i])
	}
	for _, approval := range a.Approved {
		w.line("approved", string(approval.Territory), approval.Channel, w.text(approval.Reason))
	}
	for _, name := range slices.Sorted(maps.Keys(a.Senders)) {
		permissions := a.Senders[name]
		w.block(func() { w.permissions(&permissions) }, "sender", w.text(name))
	}
}

func (w *caddyfileWriter) opening(o *config.Opening) {
	words := []string{"opening", o.Prefix + string(o.Territory)}
	words = append(words, slices.Concat(optional(o.Channel), optional(o.Class), []string{w.text(o.Reason)})...)
	if o.Ticket != "" {
		words = append(words, clause("ticket", w.text(o.Ticket))...)
	}
	words = slices.Concat(words, clause("from", o.From), clause("until", o.Until))
	if o.AcknowledgeHighRisk {
		words = append(words, "acknowledge_high_risk")
	}
	w.line(words...)
}

func (w *caddyfileWriter) limits(limits []config.Limit) {
	for i := range limits {
		l := &limits[i]
		if l.Name == config.DefaultLimits {
			w.line(slices.Concat([]string{"limit", l.Name}, optional(l.Action), clause("for", l.For))...)
			continue
		}
		if l.Hours != "" {
			w.line(slices.Concat([]string{"limit", l.Name}, optional(l.Channel), []string{"hours", l.Hours, l.Zone}, optional(l.Action))...)
			continue
		}
		words := slices.Concat([]string{"limit", l.Name}, optional(l.Channel), flag("adaptive", l.Adaptive), []string{l.Amount}, clause("of", l.Of), []string{"per"}, l.Per,
			clause("zone", l.Zone), clause("warn", l.Warn), optional(l.Action), clause("for", l.For))
		if len(l.At) > 0 {
			words = append(append(words, "at"), l.At...)
		}
		w.line(words...)
	}
}

func (w *caddyfileWriter) priceLimit(l *config.PriceLimit) {
	if l == nil {
		return
	}
	words := []string{"price_limit"}
	if l.Message != "" {
		words = append(words, l.Message+"/message")
	}
	if l.Minute != "" {
		words = append(words, l.Minute+"/minute")
	}
	w.line(append(words, clause("unpriced", l.Unpriced)...)...)
}

func (w *caddyfileWriter) maxCall(most string) {
	if most != "" {
		w.line("max_call", most)
	}
}

func (w *caddyfileWriter) choices(stored, unscopedService, messagingSpecial string) {
	for _, option := range [][2]string{{"stored", stored}, {"unscoped_service", unscopedService}, {"messaging_special", messagingSpecial}} {
		if option[1] != "" {
			w.line(option[0], option[1])
		}
	}
}

// unallocated writes one line for all channels where they have one word, else one each.
func (w *caddyfileWriter) unallocated(u *config.Unallocated) {
	switch {
	case u == nil:
	case u.Messaging == u.Voice:
		w.line("unallocated", u.Voice)
	default:
		for _, option := range [][2]string{{"messaging", u.Messaging}, {"voice", u.Voice}} {
			if option[1] != "" {
				w.line("unallocated", option[0], option[1])
			}
		}
	}
}

// permissions writes one line for each set, behind the words given.
func (w *caddyfileWriter) permissions(p *config.Permissions, words ...string) {
	if p == nil {
		return
	}
	set := func(list config.Territories, more ...string) { w.list(list, slices.Concat(words, more)...) }
	set(p.Messaging, "messaging")
	set(p.WhatsApp, "whatsapp")
	set(p.RCS, "rcs")
	if p.Voice != nil {
		set(p.Voice.LowRisk, "voice", "low_risk")
		set(p.Voice.HighRiskSpecial, "voice", "high_risk_special")
		set(p.Voice.HighRiskTollFraud, "voice", "high_risk_tollfraud")
	}
}

// list writes a list that may be stated and empty.
func (w *caddyfileWriter) list(list []string, words ...string) {
	switch {
	case list == nil:
	case len(list) == 0:
		w.line(append(words, "none")...)
	default:
		w.line(append(words, list...)...)
	}
}

func (w *caddyfileWriter) prefixes(list []config.Prefix) {
	for _, p := range list {
		words := []string{"block", p.Block}
		if p.Allow != "" {
			words = []string{"allow", p.Allow}
		}
		words = append(append(words, optional(p.Channel)...), w.text(p.Reason))
		clauses := [][]string{clause("except", p.Except...), clause("from", p.From), clause("until", p.Until)}
		if len(p.Reason)%2 == 0 { // in any order
			slices.Reverse(clauses)
		}
		w.line(append(words, slices.Concat(clauses...)...)...)
	}
}

// seed is that of this run; TOLLGATE_SEED repeats one.
func seed(t *testing.T) uint64 {
	t.Helper()
	if text := os.Getenv("TOLLGATE_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return uint64(time.Now().UnixNano())
}

// A policy is the same in a Caddyfile, in Caddy's JSON and in a policy file.
func TestADocumentIsTheSameInEverySpelling(t *testing.T) {
	start := seed(t)
	const parts, documents = 4, 500
	for part := range uint64(parts) {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			for i := range uint64(documents) {
				testSpellings(t, start+part*documents+i)
			}
		})
	}
}

// testSpellings writes a document at random as a Caddyfile and as a policy file, and
// reads both.
func testSpellings(t *testing.T, seed uint64) {
	t.Helper()
	d := configtest.Document(rand.New(rand.NewPCG(seed, 0)))
	failed := fmt.Sprintf("with TOLLGATE_SEED=%d", seed)

	var w caddyfileWriter
	w.document(&d)
	if w.unwritable {
		return
	}
	var app app.App
	if err := caddy.StrictUnmarshalJSON(adaptedPolicy(t, w.String()), &app); err != nil {
		t.Fatalf("%s: %v\n%s", failed, err, w.String())
	}
	if !reflect.DeepEqual(app.Document, d) {
		text, _ := json.MarshalIndent(d, "", "  ")
		t.Fatalf("%s: read %+v\nfrom\n%s\nwhich was\n%s", failed, app.Document, w.String(), text)
	}

	yaml, err := config.WriteYAML(&d)
	if err != nil {
		t.Fatalf("%s: %v", failed, err)
	}
	source, err := config.ParseFile("policy.yaml", yaml)
	if err != nil {
		t.Fatalf("%s: %v\n%s", failed, err, yaml)
	}
	if !reflect.DeepEqual(source.Document, app.Document) {
		t.Fatalf("%s: the file says %+v\nthe Caddyfile %+v", failed, source.Document, app.Document)
	}
}

// adaptedPolicy is the policy of a Caddyfile in JSON.
func adaptedPolicy(t *testing.T, caddyfile string) []byte {
	t.Helper()
	text, _, err := caddyconfig.GetAdapter("caddyfile").Adapt([]byte(caddyfile), map[string]any{"filename": "Caddyfile"})
	if err != nil {
		t.Fatal(err)
	}
	var adapted struct {
		Apps struct {
			Tollgate json.RawMessage `json:"tollgate"`
		} `json:"apps"`
	}
	if err := json.Unmarshal(text, &adapted); err != nil {
		t.Fatal(err)
	}
	return adapted.Apps.Tollgate
}
