//go:build linux

package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// The accounts of the policy. The last is in no policy.
const (
	account   = "AC11111111111111111111111111111111"
	suspended = "AC22222222222222222222222222222222"
	unknown   = "AC33333333333333333333333333333333"
	service   = "VA11111111111111111111111111111111"
)

// policyText is the policy file. Messages to France are permitted in every other one.
func policyText(france bool) string {
	messaging := "US, CA"
	if france {
		messaging += ", FR"
	}
	return fmt.Sprintf(`version: 1
prefixes:
  - {block: "+1212555", reason: "an incident"}
accounts:
  - id: %s
    messaging: [%s]
    voice: {low_risk: [US, CA]}
    verify: {messaging: [US, CA]}
  - id: %s
    messaging: [US, CA]
    suspended: true
end: true
`, account, messaging, suspended)
}

// kind is what a request asks for.
type kind struct {
	name   string
	weight int
	// What the gate makes of it: the verdict and reason in the log, none of what is not
	// judged, and the status and the carrier's code of a refusal.
	verdict, reason string
	status, code    int
	// by says that the policy of the moment decides: it is allowed or else refused.
	by bool
	// isSend reports whether it must not arrive twice.
	isSend bool
	// site is where it goes, and key the one that it presents there.
	site  site
	key   keyName
	build func(r *request, random *rand.Rand)
}

// kinds are all there are. Fictional numbers of the United States are those between
// 555-0100 and 555-0199; the French are those of Arcep for fiction, 01 99 00.
var kinds = []*kind{
	{name: "message", weight: 30, verdict: "allow", reason: "enabled", isSend: true, build: message(account, fictional)},
	{name: "call", weight: 8, verdict: "allow", reason: "enabled", isSend: true, build: call},
	{name: "verification", weight: 6, verdict: "allow", reason: "enabled", isSend: true, build: verification},
	{name: "bulk of messages", weight: 2, verdict: "allow", reason: "enabled", isSend: true, build: bulk("")},
	{name: "message to a territory that is opened and closed", weight: 10, verdict: "allow", reason: "enabled",
		status: 400, code: 21408, by: true, isSend: true, build: message(account, constant("+33199001234"))},
	{name: "read", weight: 10, build: read},
	{name: "upload", weight: 5, isSend: true, site: siteUploads, build: upload},

	{name: "message to another territory", weight: 8, verdict: "deny", reason: "territory_not_enabled",
		status: 400, code: 21408, isSend: true, build: message(account, constant("+998912345678"))},
	{name: "message to a blocked prefix", weight: 5, verdict: "deny", reason: "prefix_blocked",
		status: 400, code: 21408, isSend: true, build: message(account, constant("+12125550123"))},
	{name: "message of a suspended account", weight: 3, verdict: "deny", reason: "account_suspended",
		status: 401, code: 20003, isSend: true, build: message(suspended, fictional)},
	{name: "message of an unknown account", weight: 2, verdict: "deny", reason: "account_unknown",
		status: 401, code: 20003, isSend: true, build: message(unknown, fictional)},
	{name: "message to a code of no country", weight: 3, verdict: "deny", reason: "unassigned_code",
		status: 400, code: 21211, isSend: true, build: message(account, constant("+99912345678"))},
	{name: "form that does not decode", weight: 2, verdict: "deny", reason: "body_undecodable",
		status: 400, code: 20001, isSend: true, build: malformed},
	{name: "bulk with one message to another territory", weight: 2, verdict: "deny", reason: "territory_not_enabled",
		status: 400, code: 21408, isSend: true, build: bulk("+998912345678")},

	{name: "message with a key", weight: 8, verdict: "allow", reason: "enabled", isSend: true,
		site: siteBroker, key: keyOfAll, build: message(account, fictional)},
	{name: "read with a key", weight: 3, site: siteBroker, key: keyOfAll, build: read},
	{name: "message with a key to another territory", weight: 2, verdict: "deny", reason: "territory_not_enabled",
		status: 400, code: 21408, isSend: true, site: siteBroker, key: keyOfAll, build: message(account, constant("+998912345678"))},
	{name: "call with a key for messages", weight: 2, verdict: "deny", reason: "key_restricted",
		status: 401, code: 70004, isSend: true, site: siteBroker, key: keyOfMessages, build: call},
	{name: "message with a key for another account", weight: 2, verdict: "deny", reason: "account_mismatch",
		status: 404, code: 20404, isSend: true, site: siteBroker, key: keyOfAll, build: message(suspended, fictional)},
	{name: "message with a key that is revoked", weight: 2, verdict: "deny", reason: "key_invalid",
		status: 401, code: 20003, isSend: true, site: siteBroker, key: keyRevoked, build: message(account, fictional)},
	{name: "message with a credential in place of a key", weight: 1, verdict: "deny", reason: "key_invalid",
		status: 401, code: 20003, isSend: true, site: siteBroker, build: message(account, fictional)},
	{name: "message with a key where credentials are taken", weight: 1, verdict: "deny", reason: "key_invalid",
		status: 401, code: 20003, isSend: true, key: keyOfAll, build: message(account, fictional)},
}

// request is one request and how it is answered. All of it follows from seed and number.
type request struct {
	number   uint32
	kind     *kind
	manner   *manner
	behavior *behavior

	method, host, path string
	account            string
	key                *key // nil: it presents the account's credential
	contentType        string
	body               []byte
	answer             answer
}

// target is the request target. The number of the request is the only thing that the access
// log has of it: letters, since digits are masked.
func (r *request) target() string {
	separator := "?"
	if strings.Contains(r.path, "?") {
		separator = "&"
	}
	return r.path + separator + marker + "=" + letters(r.number)
}

// String says what it is, for a report.
func (r *request) String() string {
	return fmt.Sprintf("%s (%s; the client %s, the carrier %s)", letters(r.number), r.kind.name, r.manner.name, r.behavior.name)
}

// isForwarded reports whether the gate lets it through, whatever the policy of the moment.
func (r *request) isForwarded() bool { return r.kind.verdict != "deny" && !r.kind.by }

// isHeld reports whether the gate holds its body to judge it.
func (r *request) isHeld() bool { return r.kind.verdict != "" }

// marker is the name of the parameter with the number.
const marker = "soak"

// letters writes a number so that no filter takes it for a telephone number.
func letters(number uint32) string {
	text := make([]byte, 7)
	for i := range text {
		text[i] = 'a' + byte(number%26)
		number /= 26
	}
	return string(text)
}

// numberOf finds the number in a request target.
func numberOf(target string) (number uint32, ok bool) {
	_, text, ok := strings.Cut(target, marker+"=")
	if !ok || len(text) < 7 {
		return 0, false
	}
	for i := 6; i >= 0; i-- {
		if text[i] < 'a' || text[i] > 'z' {
			return 0, false
		}
		number = number*26 + uint32(text[i]-'a')
	}
	return number, true
}

// areaCodes whose 555 numbers no rule blocks.
var areaCodes = strings.Fields("201 202 203 205 206 207 208 209 210 213 214 215 216 217 218 219 301 302 303 305")

// fictional is a number of the United States for fiction.
func fictional(random *rand.Rand) string {
	return fmt.Sprintf("+1%s555%04d", areaCodes[random.IntN(len(areaCodes))], 100+random.IntN(100))
}

func constant(number string) func(*rand.Rand) string {
	return func(*rand.Rand) string { return number }
}

// form is how most requests are written.
const form = "application/x-www-form-urlencoded"

func (r *request) setForm(path string, pairs ...string) {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	r.method, r.path, r.contentType, r.body = http.MethodPost, path, form, []byte(values.Encode())
}

func message(of string, to func(*rand.Rand) string) func(*request, *rand.Rand) {
	return func(r *request, random *rand.Rand) {
		r.account = of
		r.setForm("/2010-04-01/Accounts/"+of+"/Messages.json", "To", to(random), "From", "+12025550199",
			"Body", "Soak "+letters(r.number)+strings.Repeat(" and on", random.IntN(60)))
	}
}

func call(r *request, random *rand.Rand) {
	r.setForm("/2010-04-01/Accounts/"+account+"/Calls.json", "To", fictional(random), "From", "+12025550199",
		"Url", "https://example.com/"+letters(r.number))
}

func verification(r *request, random *rand.Rand) {
	r.host = "verify.twilio.com"
	r.setForm("/v2/Services/"+service+"/Verifications", "To", fictional(random), "Channel", "sms")
}

// bulk is a message to many, and to one more.
func bulk(last string) func(*request, *rand.Rand) {
	return func(r *request, random *rand.Rand) {
		r.host, r.method, r.path, r.contentType = "comms.twilio.com", http.MethodPost, "/v1/Messages", "application/json"
		var to []string
		for range 20 + random.IntN(300) {
			to = append(to, fmt.Sprintf(`{"address":"%s","channel":"SMS"}`, fictional(random)))
		}
		if last != "" {
			at := random.IntN(len(to))
			to[at] = fmt.Sprintf(`{"address":"%s","channel":"SMS"}`, last)
		}
		r.body = fmt.Appendf(nil, `{"from":{"address":"+12025550199","channel":"SMS"},"to":[%s],"content":{"text":"Soak %s"}}`,
			strings.Join(to, ","), letters(r.number))
	}
}

func malformed(r *request, _ *rand.Rand) {
	r.setForm("/2010-04-01/Accounts/"+account+"/Messages.json", "From", "+12025550199", "Body", "Soak")
	r.body = append(r.body, "&To=%2B1201555%zz"...)
}

func read(r *request, random *rand.Rand) {
	r.method, r.path = http.MethodGet, "/2010-04-01/Accounts/"+account+"/Messages.json?PageSize=50"
	if random.IntN(10) == 0 { // beyond every buffer on the way
		r.answer.body = pattern(random, 100<<10+random.IntN(200<<10))
	}
}

func upload(r *request, random *rand.Rand) {
	r.method, r.path = http.MethodPost, "/v1/Services/IS11111111111111111111111111111111/Media"
	r.contentType, r.body = "image/png", pattern(random, 1<<10+random.IntN(256<<10))
}

// noise is what uploads and long answers are cut from.
var noise = func() []byte {
	bytes, random := make([]byte, 1<<20), rand.New(rand.NewPCG(1, 2))
	for i := range bytes {
		bytes[i] = byte(random.Uint32())
	}
	return bytes
}()

func pattern(random *rand.Rand, length int) []byte {
	at := random.IntN(len(noise) - length)
	return noise[at : at+length]
}

// plan says what request a number stands for.
type plan struct {
	seed uint64
	keys [keyNames]*key
	// calm is the first number of which something may go wrong.
	calm atomic.Uint32
}

func (p *plan) request(number uint32) *request {
	random, isCalm := rand.New(rand.NewPCG(p.seed, uint64(number))), number < p.calm.Load()
	r := &request{number: number, account: account, host: "api.twilio.com"}
	r.kind = pick(random, kinds, func(k *kind) int { return k.weight })
	r.key = p.keys[r.kind.key]
	r.kind.build(r, random)
	r.manner = pick(random, manners, func(m *manner) int {
		if isCalm && m.isChaos {
			return 0
		}
		return m.weight
	})
	r.behavior = pick(random, behaviors, func(b *behavior) int {
		if isCalm && b.isChaos || b.uploads && r.kind.site != siteUploads {
			return 0
		}
		return b.weight
	})
	r.answer.make(r, random)
	return r
}

// pick takes one of several by their weights.
func pick[T any](random *rand.Rand, all []T, weight func(T) int) T {
	total := 0
	for _, one := range all {
		total += weight(one)
	}
	at := random.IntN(total)
	for _, one := range all {
		if at -= weight(one); at < 0 {
			return one
		}
	}
	panic("unreachable: a weight is below zero")
}
