package caddymodule_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// territories are a set, by their codes.
type territories map[string]bool

// accountModel is what an account states, in the plainest form. What is nil, it inherits.
type accountModel struct {
	calls map[string]territories // by the member of Twilio's resource
	texts territories
	safe  map[string]bool // entries of the Safe List
}

// permissionModel is what Twilio's permission resources should do, written to be read and not to
// be fast: an account, its subaccount, and one that the policy does not name. Each has the default
// where neither it nor its parent states anything; its key is empty.
type permissionModel map[string]*accountModel

var walkAccounts = []string{acme, child, unnamed}

// above is the account whose permissions another has while it states nothing.
func above(account string) string {
	if account == child {
		return acme
	}
	return ""
}

// classes are the members of a country.
var classes = []string{"low_risk_numbers_enabled", "high_risk_special_numbers_enabled", "high_risk_tollfraud_numbers_enabled"}

// callsOf and textsOf are what is in force for an account.
func (m permissionModel) callsOf(account string) map[string]territories {
	if stated := m[account].calls; stated != nil {
		return stated
	}
	return m.callsOf(above(account))
}

func (m permissionModel) textsOf(account string) territories {
	if stated := m[account].texts; stated != nil {
		return stated
	}
	return m.textsOf(above(account))
}

// isOpen reports whether any member of an entry is open.
func isOpen(open territories, entry *geo.Entry) bool {
	return slices.ContainsFunc(entry.Territories, func(t numbering.Territory) bool { return open[t.String()] })
}

// set makes an entry open or closed, which may be impossible. It reports whether it was not so.
func set(open territories, entry *geo.Entry, value bool, closedForGood func(string) bool) (changed, possible bool) {
	if isOpen(open, entry) == value {
		return false, true
	}
	for _, t := range entry.Territories {
		switch code := t.String(); {
		case !value:
			delete(open, code)
		case !closedForGood(code):
			open[code], possible = true, true
		}
	}
	return true, possible || !value
}

// notByAPI are the territories that no client opens: those that the carrier opens by request, to
// calls, and those that it does not serve, to messages.
func notByAPI(channel policy.Channel) func(code string) bool {
	lists := geo.Restrictions()
	return func(code string) bool {
		t, _ := numbering.ParseTerritory(code)
		return channel == policy.Voice && lists.ByRequest.Has(t) || lists.Unsupported[channel].Has(t)
	}
}

func entryOf(channel policy.Channel, code string) *geo.Entry {
	for _, c := range geo.Countries() {
		if c.Code != "" && strings.EqualFold(c.Code, code) && c.On(channel) != nil {
			return c.On(channel)
		}
	}
	return nil
}

// update is a bulk update. It returns the status.
func (m permissionModel) update(account string, items []map[string]any) int {
	next, anything := map[string]territories{}, false
	for _, class := range classes {
		next[class] = maps.Clone(m.callsOf(account)[class])
	}
	for _, item := range items {
		entry := entryOf(policy.Voice, item["iso_code"].(string))
		if entry == nil {
			return http.StatusBadRequest
		}
		for _, class := range classes {
			value, stated := item[class]
			if !stated {
				continue
			}
			changed, possible := set(next[class], entry, fmt.Sprint(value) == "true", notByAPI(policy.Voice))
			if !possible {
				return http.StatusBadRequest
			}
			anything = anything || changed
		}
	}
	switch {
	case anything && account == child && m[account].calls == nil:
		return http.StatusBadRequest // it inherits
	case anything:
		m[account].calls = next
	}
	return http.StatusCreated
}

// inherit is an update of the settings.
func (m permissionModel) inherit(account string, value bool) int {
	switch {
	case account != child && value:
		return http.StatusBadRequest // it has no parent
	case account != child:
	case value:
		m[account].calls = nil
	case m[account].calls == nil:
		inherited := m.callsOf(account)
		m[account].calls = map[string]territories{}
		for _, class := range classes {
			m[account].calls[class] = maps.Clone(inherited[class])
		}
	}
	return http.StatusAccepted
}

// patch is an update of the permissions for messages. It returns the error of each item.
func (m permissionModel) patch(account string, items []map[string]any) (codes []int) {
	next, anything := maps.Clone(m.textsOf(account)), false
	for _, item := range items {
		entry, value, code := entryOf(policy.Messaging, item["country_code"].(string)), item["enabled"] == true, 0
		isRisky := entry != nil && slices.ContainsFunc(entry.Territories, func(t numbering.Territory) bool {
			_, risky := geo.HighRisk(policy.Messaging, t)
			return risky
		})
		switch {
		case entry == nil:
			code = 20001
		case value && isRisky && item["acknowledge_high_risk"] != true && !isOpen(next, entry):
			code = 30649
		default:
			changed, possible := set(next, entry, value, notByAPI(policy.Messaging))
			if !possible {
				code = 20001
			}
			anything = anything || changed && possible
		}
		codes = append(codes, code)
	}
	if anything {
		m[account].texts = next
	}
	return codes
}

// state is a document of an account by the management API, with groups in its lists.
func (m permissionModel) state(account, list string) {
	members := func(channel policy.Channel) territories {
		found := territories{}
		for code := range strings.FieldsSeq(list) {
			if group, ok := numbering.ParseGroup(code); ok {
				for _, t := range group.Members() {
					found[t.String()] = true
				}
			} else {
				found[strings.ToUpper(code)] = true
			}
		}
		maps.DeleteFunc(found, func(code string, _ bool) bool { return notByAPI(channel)(code) })
		return found
	}
	m[account] = &accountModel{safe: map[string]bool{}}
	if list == nothing {
		return
	}
	m[account].texts, m[account].calls = members(policy.Messaging), map[string]territories{}
	for _, class := range classes {
		m[account].calls[class] = members(policy.Voice)
	}
}

// permissionWalk is a walk through the states of a gate beside a model of it.
type permissionWalk struct {
	*storeServer
	model  permissionModel
	random *rand.Rand
}

// What is written has these countries more often than others: entries of several territories,
// entries that no client opens, and risky ones.
var walkCodes = []string{"US", "GB", "FI", "AU", "RE", "CW", "RU", "SG", "TW", "IR", "CU", "PK", "IL", "DE", "IN", "fr", "XX"}

// The groups and codes of documents; or nothing, which a subaccount inherits.
const nothing = "nothing"

var walkLists = []string{nothing, nothing, nothing, nothing, nothing, "", "US", "CA", "EUROPE", "us ASIA", "NANP DE", "JE AX CC"}

// walkSafe are entries of the Safe List.
var walkSafe = []string{"+998912345678", "+6281234567xxx", "+4915112345678", "+12015550123"}

// walkNumbers are numbers of territories, to which messages are sent.
var walkNumbers = map[string]string{
	"US": "+12015550123", "CA": "+15062345678", "GB": "+447400123456", "JE": "+447797712345", "DE": "+4915112345678",
	"IN": "+918067543210", "UZ": "+998912345678", "PK": "+923012345678", "AU": "+61412345678", "ID": "+6281234567890",
}

func pick[T any](random *rand.Rand, of []T) T { return of[random.IntN(len(of))] }

// A walk has a fixed number of steps, and is another each time: TOLLGATE_SEED repeats one.
func TestTwiliosPermissionResourcesDoAsAPlainModelOfThem(t *testing.T) {
	const steps = 100
	seed := rand.Uint64()
	if text := os.Getenv("TOLLGATE_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("TOLLGATE_SEED=%d", seed)
	defaults := "\t\tdefault {\n\t\t\tmessaging US DE\n\t\t\tvoice US DE\n\t\t\tvoice high_risk_special DE\n\t\t}\n"
	w := &permissionWalk{resourceServer(t, "permissions_api write", defaults), permissionModel{}, rand.New(rand.NewPCG(seed, 0))}
	w.model.state("", "US DE")
	w.model[""].calls["high_risk_special_numbers_enabled"] = territories{"DE": true}
	w.model[""].calls["high_risk_tollfraud_numbers_enabled"] = territories{}
	w.putDocument(t, acme, nothing)
	w.putDocument(t, child, nothing)
	w.model[unnamed] = &accountModel{safe: map[string]bool{}}
	for step := range steps {
		said := w.step(t, pick(w.random, walkAccounts))
		for _, account := range walkAccounts {
			w.compare(t, account)
		}
		if t.Failed() {
			t.Fatalf("after step %d, %s", step, said)
		}
	}
}

// step makes a random change, and returns what it was.
func (w *permissionWalk) step(t *testing.T, account string) string {
	t.Helper()
	switch w.random.IntN(9) {
	case 0, 6:
		list := pick(w.random, walkLists)
		w.putDocument(t, account, list)
		return fmt.Sprintf("a document of %s with %q", account, list)
	case 1:
		value := w.random.IntN(2) == 0
		want := w.model.inherit(account, value)
		status, body := w.resource(t, account, "POST", "voice", "/v1/Settings", url.Values{"DialingPermissionsInheritance": {fmt.Sprint(value)}})
		return w.expect(t, want, status, fmt.Sprintf("inheritance of %s %v: %v", account, value, body))
	case 2, 3:
		return w.patch(t, account)
	case 4:
		return w.writeBack(t, account)
	case 5:
		return w.safeList(t, account)
	}
	items := []map[string]any{}
	for range 1 + w.random.IntN(5) {
		item := map[string]any{"iso_code": pick(w.random, walkCodes[:len(walkCodes)-w.random.IntN(2)])}
		for _, class := range classes {
			if value := pick(w.random, []any{true, false, "true", "false", nil}); value != nil {
				item[class] = value
			}
		}
		items = append(items, item)
	}
	text, _ := json.Marshal(items)
	want := w.model.update(account, items)
	status, body := w.update(t, account, string(text))
	return w.expect(t, want, status, fmt.Sprintf("update of %s %s: %v", account, text, body))
}

func (w *permissionWalk) expect(t *testing.T, want, status int, said string) string {
	t.Helper()
	if status != want {
		t.Errorf("it is answered %d and not %d", status, want)
	}
	return said
}

// putDocument states an account again, over the management API.
func (w *permissionWalk) putDocument(t *testing.T, account, list string) {
	t.Helper()
	codes := strings.Fields(list)
	if codes == nil {
		codes = []string{}
	}
	document := map[string]any{}
	if list != nothing {
		document["messaging"] = codes
		document["voice"] = map[string]any{"low_risk": codes, "high_risk_special": codes, "high_risk_tollfraud": codes}
	}
	if account == child {
		document["parent"] = acme
	}
	text, _ := json.Marshal(document)
	if response, body := w.manage(t, "PUT", "/accounts/"+account+"?acknowledge_high_risk=true", string(text)); response.StatusCode >= 300 {
		t.Fatalf("document %s is answered %d %s", text, response.StatusCode, body)
	}
	w.model.state(account, list)
}

func (w *permissionWalk) patch(t *testing.T, account string) string {
	t.Helper()
	items, form := []map[string]any{}, url.Values{}
	for range 1 + w.random.IntN(5) {
		item := map[string]any{"country_code": pick(w.random, walkCodes), "type": "country", "enabled": w.random.IntN(2) == 0}
		if w.random.IntN(3) == 0 {
			item["acknowledge_high_risk"] = true
		}
		text, _ := json.Marshal(item)
		items, form["Permissions"] = append(items, item), append(form["Permissions"], string(text))
	}
	codes := w.model.patch(account, items)
	status, body := w.resource(t, account, "PATCH", "accounts", "/v1/Messaging/GeoPermissions", form)
	for i, code := range codes {
		results, _ := body["permissions"].([]any)
		if len(results) != len(codes) || results[i].(map[string]any)["error_code"] != float64(code) {
			t.Errorf("item %d is not answered with error %d", i, code)
		}
	}
	return w.expect(t, http.StatusOK, status, fmt.Sprintf("patch of %s %q: %v", account, form["Permissions"], body))
}

// writeBack writes all that it has read.
func (w *permissionWalk) writeBack(t *testing.T, account string) string {
	t.Helper()
	_, before := w.manage(t, "GET", "/accounts/"+account, "") // which may not exist
	if w.random.IntN(2) == 0 {
		text, _ := json.Marshal(w.countries(t, account))
		status, body := w.update(t, account, string(text))
		w.expect(t, http.StatusCreated, status, fmt.Sprint(body))
	} else {
		form := url.Values{}
		for _, p := range w.permissions(t, account) {
			text, _ := json.Marshal(p)
			form["Permissions"] = append(form["Permissions"], string(text))
		}
		status, body := w.resource(t, account, "PATCH", "accounts", "/v1/Messaging/GeoPermissions", form)
		w.expect(t, http.StatusOK, status, fmt.Sprint(body))
	}
	if _, after := w.manage(t, "GET", "/accounts/"+account, ""); after != before {
		t.Errorf("the account was\n%s\nand is\n%s", before, after)
	}
	return "writing back what was read of " + account
}

func (w *permissionWalk) safeList(t *testing.T, account string) string {
	t.Helper()
	entry := pick(w.random, walkSafe)
	safe, add := w.model[account].safe, w.random.IntN(2) == 0
	method, product, path, form, want := "DELETE", "accounts", "/v1/SafeList/Numbers?PhoneNumber="+url.QueryEscape(entry), url.Values(nil), http.StatusNoContent
	switch {
	case add:
		method, path, form, want = "POST", "/v1/SafeList/Numbers", url.Values{"PhoneNumber": {entry}}, http.StatusCreated
	case !safe[entry]:
		want = http.StatusNotFound
	}
	if w.random.IntN(2) == 0 {
		product, path = "verify", "/v2/SafeList/Numbers"
		if !add {
			path += "/" + url.PathEscape(entry)
		}
	}
	if delete(safe, entry); add {
		safe[entry] = true
	}
	status, body := w.resource(t, account, method, product, path, form)
	return w.expect(t, want, status, fmt.Sprintf("%s %s %s of %s: %v", method, path, entry, account, body))
}

// countries and permissions are all that an account reads.
func (w *permissionWalk) countries(t *testing.T, account string) []any {
	t.Helper()
	_, body := w.resource(t, account, "GET", "voice", "/v1/DialingPermissions/Countries?PageSize=1000", nil)
	return body["content"].([]any)
}

func (w *permissionWalk) permissions(t *testing.T, account string) []any {
	t.Helper()
	_, body := w.resource(t, account, "GET", "accounts", "/v1/Messaging/GeoPermissions", nil)
	return body["permissions"].([]any)
}

// compare compares what an account reads, and what it may send, with the model.
func (w *permissionWalk) compare(t *testing.T, account string) {
	t.Helper()
	for _, c := range w.countries(t, account) {
		country := c.(map[string]any)
		for _, class := range classes {
			want := isOpen(w.model.callsOf(account)[class], entryOf(policy.Voice, country["iso_code"].(string)))
			if country[class] != want {
				t.Errorf("%s: %s of %v is %v", account, class, country["iso_code"], country[class])
			}
		}
	}
	for _, p := range w.permissions(t, account) {
		permission := p.(map[string]any)
		want := isOpen(w.model.textsOf(account), entryOf(policy.Messaging, permission["country_code"].(string)))
		if permission["enabled"] != want {
			t.Errorf("%s: messages to %v are %v", account, permission["country_code"], permission["enabled"])
		}
	}
	_, settings := w.resource(t, account, "GET", "voice", "/v1/Settings", nil)
	if inherits := account == child && w.model[account].calls == nil; settings["dialing_permissions_inheritance"] != inherits {
		t.Errorf("%s: inheritance is %v", account, settings)
	}
	entry := pick(w.random, walkSafe)
	want := http.StatusNotFound
	if w.model[account].safe[entry] {
		want = http.StatusOK
	}
	if status, body := w.resource(t, account, "GET", "verify", "/v2/SafeList/Numbers/"+url.PathEscape(entry), nil); status != want {
		t.Errorf("%s: entry %s of the Safe List is answered %d %v", account, entry, status, body)
	}
	code := pick(w.random, slices.Sorted(maps.Keys(walkNumbers)))
	status := http.StatusBadRequest
	if w.model.textsOf(account)[code] || w.model.allows(account, walkNumbers[code]) {
		status = http.StatusCreated
	}
	// By its own credential: one that the policy does not name would be a subaccount of another's.
	message := strings.Replace(post(messages(account), messageTo(walkNumbers[code])), asAcme, basic(account+":secret"), 1)
	if response, body := w.raw(t, message); response.StatusCode != status {
		t.Errorf("%s: a message to %s is answered %d %s", account, code, response.StatusCode, body)
	}
}

// allows reports whether the Safe List of an account has a number, or that of the parent where it
// states no permissions.
func (m permissionModel) allows(account, number string) bool {
	entries := maps.Clone(m[account].safe)
	if account == child && m[child].texts == nil {
		maps.Copy(entries, m[acme].safe)
	}
	for entry := range entries {
		if strings.HasPrefix(number, strings.TrimSuffix(entry, "xxx")) {
			return true
		}
	}
	return false
}
