package config_test

import (
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	acme   = "AC11111111111111111111111111111111"
	child  = "AC22222222222222222222222222222222"
	key    = "SK22222222222222222222222222222222"
	client = "OQ22222222222222222222222222222222"
	digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
)

// readSender stands for the real reader of senders, to which spaces make no
// difference.
func readSender(text string) []string {
	if text = strings.ReplaceAll(text, " ", ""); text == "" {
		return nil
	}
	return []string{text, "also " + text}
}

var carriers = configtest.Carriers{Read: readSender}

// parse reads a document that is known to be right.
func parse(t *testing.T, text string) config.Document {
	t.Helper()
	d, err := config.ParseJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func territory(code string) numbering.Territory {
	t, ok := numbering.ParseTerritory(code)
	if !ok {
		panic("no territory " + code)
	}
	return t
}

// grantOf grants territories by name.
func grantOf(codes ...string) policy.Grant {
	var g policy.Grant
	for _, code := range codes {
		g.Set.Add(territory(code))
		g.Outright.Add(territory(code))
	}
	return g
}

func setOf(codes ...string) *policy.Set {
	g := grantOf(codes...)
	return &g.Set
}

// everything grants all territories, and none of them by name.
func everything() policy.Grant {
	var g policy.Grant
	for t := range numbering.AllTerritories() {
		g.Set.Add(t)
	}
	return g
}

func pointer[T any](v T) *T { return &v }

// at is an account's id at its one carrier.
func at(id string) []policy.CarrierAccount {
	return []policy.CarrierAccount{{Carrier: "twilio", ID: id}}
}

func TestDocumentsCompileToDefinitions(t *testing.T) {
	for _, c := range []struct {
		name string
		text string
		want config.Compiled
	}{
		{"an empty document defines nothing", `{}`, config.Compiled{}},
		{"observe and national", `{"observe":true,"national":"strict"}`,
			config.Compiled{Definition: policy.Definition{Observe: policy.Switch{On: true}, NationalStrict: true}}},
		{"national of a country", `{"national":"gb"}`,
			config.Compiled{Definition: policy.Definition{National: territory("GB")}}},
		{"a default that states nothing differs from none", `{"default":{}}`,
			config.Compiled{Definition: policy.Definition{Default: &policy.Permissions{}}}},
		{"messaging alone leaves voice to be inherited", `{"default":{"messaging":["US","no","+870"]}}`,
			config.Compiled{Definition: policy.Definition{Default: &policy.Permissions{Messaging: pointer(grantOf("US", "NO", "+870"))}}}},
		{"an empty list is a set of none", `{"default":{"messaging":[]}}`,
			config.Compiled{Definition: policy.Definition{Default: &policy.Permissions{Messaging: &policy.Grant{}}}}},
		{"classes that are not stated are none", `{"default":{"voice":{"high_risk_special":["US"]}}}`,
			config.Compiled{Definition: policy.Definition{Default: &policy.Permissions{
				Voice: &[policy.ClassCount]policy.Grant{policy.HighRiskSpecial: grantOf("US")}}}}},
		{"every territory is granted but none outright", `{"default":{"messaging":["*"]}}`,
			config.Compiled{Definition: policy.Definition{Default: &policy.Permissions{Messaging: pointer(everything())}}}},
		{"a territory in addition to every territory is granted outright", `{"default":{"messaging":["*","SG"]}}`,
			config.Compiled{Definition: policy.Definition{Default: &policy.Permissions{
				Messaging: &policy.Grant{Set: everything().Set, Outright: *setOf("SG")}}}}},
		{"rules", `{"prefixes":[
				{"block":"+998","reason":"pumping","from":"2026-11-30T22:00:00-01:00","until":"2026-12-01"},
				{"block":"+1900","except":["+19005550100","+19001"],"channel":"voice","reason":"premium","until":"2026-12-01T02:00:00+02:00"},
				{"allow":"+881612345678","channel":"messaging","reason":"field team"}]}`,
			config.Compiled{Definition: policy.Definition{Rules: []policy.Rule{
				{Block: true, Prefix: "998", Reason: "pumping", From: time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC), Until: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)},
				{Block: true, Prefix: "1900", Except: []string{"19005550100", "19001"}, Channel: pointer(policy.Voice), Reason: "premium", Until: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)},
				{Prefix: "881612345678", Channel: pointer(policy.Messaging), Reason: "field team"}}}}},
		{"ranges", `{"ranges":[{"prefix":"+1924","territory":"us"},{"prefix":"+44909","territory":"GB","class":"high_risk_special"}]}`,
			config.Compiled{Ranges: []numbering.Range{
				{Prefix: "1924", Territory: territory("US"), Kinds: numbering.Kinds(policy.KindOf(policy.LowRisk))},
				{Prefix: "44909", Territory: territory("GB"), Kinds: numbering.Kinds(policy.KindOf(policy.HighRiskSpecial))}}}},
		{"unsupported and by request replace what is built in, channel by channel", `{"unsupported":{"voice":["KP"]},"by_request":{"voice":[]}}`,
			config.Compiled{Definition: policy.Definition{
				Unsupported: [policy.ChannelCount]*policy.Set{policy.Voice: setOf("KP")}, ByRequest: &policy.Set{}}}},
		{"an account", `{"accounts":[{"id":"ac1111111111111111111111111111111F","label":"Acme","messaging":["US"],"suspended":true,"monitor":true,
				"home":"DE","trial":["+4915112345678"],"keys":["sk2222222222222222222222222222222E"],
				"credentials":["oq2222222222222222222222222222222E","SHA256:` + strings.ToUpper(digest[7:]) + `"],
				"prefixes":[{"block":"+44","reason":"no"}],
				"openings":[{"territory":"id","channel":"voice","class":"high_risk_special","reason":"launch","ticket":"OPS-812","from":"2026-11-30","until":"2026-12-04","acknowledge_high_risk":true},{"prefix":"+62811","reason":"launch","until":"2026-12-04"}],
				"approved":[{"territory":"SG","channel":"voice","reason":"ticket 812"}],
				"senders":{"+1 415 555 0100":{"messaging":["US"]},"ACME":{}}}]}`,
			config.Compiled{Definition: policy.Definition{Accounts: []policy.Account{{
				ID: "AC1111111111111111111111111111111f", At: at("AC1111111111111111111111111111111f"), Label: "Acme",
				Permissions: policy.Permissions{Messaging: pointer(grantOf("US"))},
				Home:        territory("DE"), Trial: true, Verified: []string{"4915112345678"},
				Suspended: policy.Switch{On: true}, Monitor: policy.Switch{On: true}, Keys: []string{"SK2222222222222222222222222222222e"}, Credentials: []string{"OQ2222222222222222222222222222222e", digest},
				Rules: []policy.Rule{{Block: true, Prefix: "44", Reason: "no"}},
				Openings: []policy.Opening{
					{Territory: territory("ID"), Channel: pointer(policy.Voice), Class: policy.HighRiskSpecial, Acknowledged: true, Reason: "launch", Ticket: "OPS-812",
						From: time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 12, 4, 0, 0, 0, 0, time.UTC)},
					{Prefix: "62811", Reason: "launch", Until: time.Date(2026, 12, 4, 0, 0, 0, 0, time.UTC)}},
				Approved: []policy.Approval{{Territory: territory("SG"), Reason: "ticket 812"}},
				Senders: []policy.Sender{
					{ID: "+14155550100", Permissions: policy.Permissions{Messaging: pointer(grantOf("US"))}},
					{ID: "ACME"}},
			}}}}},
		{"sets for verifications", `{"default":{"verify":{"messaging":["us"]}},"accounts":[{"id":"` + acme + `","verify":{"messaging":[],"voice":{"low_risk":["SG"]}}}]}`,
			config.Compiled{Definition: policy.Definition{
				Default: &policy.Permissions{},
				Verify:  policy.Permissions{Messaging: pointer(grantOf("US"))},
				Accounts: []policy.Account{{ID: acme, At: at(acme), Verify: policy.Permissions{
					Messaging: &policy.Grant{}, Voice: &[policy.ClassCount]policy.Grant{policy.LowRisk: grantOf("SG")}}}}}}},
		{"what may be changed, and none differs from nothing stated",
			`{"accounts":[{"id":"` + acme + `","control":["keys","safe_list"]},{"id":"` + child + `","control":[]}]}`,
			config.Compiled{Definition: policy.Definition{Accounts: []policy.Account{
				{ID: acme, At: at(acme), Controls: []policy.Control{policy.ControlKeys, policy.ControlSafeList}}, {ID: child, At: at(child), Controls: []policy.Control{}}}}}},
		{"choices of the operator and of an account",
			`{"stored":"deny","unscoped_service":"allow","messaging_special":"deny","unallocated":"deny",
				"accounts":[{"id":"` + acme + `","stored":"allow","unscoped_service":"deny","messaging_special":"allow","unallocated":{"voice":"monitor"}}]}`,
			config.Compiled{Definition: policy.Definition{
				Choices:  policy.Choices{Stored: policy.Denied, UnscopedService: policy.Allowed, MessagingSpecial: policy.Denied, Unallocated: [policy.ChannelCount]policy.Choice{policy.Messaging: policy.Denied, policy.Voice: policy.Denied}},
				Accounts: []policy.Account{{ID: acme, At: at(acme), Choices: policy.Choices{Stored: policy.Allowed, UnscopedService: policy.Denied, MessagingSpecial: policy.Allowed, Unallocated: [policy.ChannelCount]policy.Choice{policy.Voice: policy.Monitored}}}}}}},
		{"hosts of the operator and of accounts, and none differs from nothing stated",
			`{"url_hosts":["Hooks.Example.com","*.apps.example:8443"],
				"accounts":[{"id":"` + acme + `","url_hosts":[]},{"id":"` + child + `","url_hosts":["*"]}]}`,
			config.Compiled{Definition: policy.Definition{
				URLHosts: []string{"hooks.example.com", "*.apps.example:8443"},
				Accounts: []policy.Account{{ID: acme, At: at(acme), URLHosts: []string{}}, {ID: child, At: at(child), URLHosts: []string{"*"}}}}}},
		{"a trial without numbers is a trial", `{"accounts":[{"id":"` + acme + `","home":"DE","trial":[]}]}`,
			config.Compiled{Definition: policy.Definition{Accounts: []policy.Account{{ID: acme, At: at(acme), Home: territory("DE"), Trial: true}}}}},
		{"a child may come before its parent", `{"accounts":[{"id":"` + child + `","parent":"ac11111111111111111111111111111111"},{"id":"` + acme + `"}]}`,
			config.Compiled{Definition: policy.Definition{Accounts: []policy.Account{{ID: child, At: at(child), Parent: acme}, {ID: acme, At: at(acme)}}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := parse(t, c.text)
			got, err := config.Compile(carriers, config.Source{Document: d})
			if err != nil {
				t.Fatal(err)
			}
			if got.Sum == (config.Sum{}) || !strings.HasPrefix(hex.EncodeToString(got.Sum[:]), got.Definition.Revision) || got.Definition.Revision == "" {
				t.Errorf("the revision is %q, the sum %x", got.Definition.Revision, got.Sum)
			}
			got.Sum, got.Definition.Revision = config.Sum{}, ""
			// What comes from the carriers is not stated.
			got.Definition.IsService, got.Definition.Restrictions = nil, policy.Restrictions{}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got\n%+v\nwant\n%+v", got, c.want)
			}
			if err := config.Check(config.Source{Document: d}, false, carriers); err != nil {
				t.Errorf("compiles, but does not check: %v", err)
			}
			if _, err := policy.New(got.Definition); err != nil {
				t.Errorf("compiles, but is not a policy: %v", err)
			}
		})
	}
}

// In JSON there are no lines: a mistake is named by its path.
func TestMistakesInADocumentAreNamedByTheirPath(t *testing.T) {
	account := func(members string) string { return `{"accounts":[{"id":"` + acme + `",` + members + `}]}` }
	for _, c := range []struct{ name, text, want string }{
		{"a territory", account(`"messaging":["US","UK"]`), `accounts[0].messaging[1]: unknown territory "UK", did you mean "GB"?`},
		{"a territory of a class", account(`"voice":{"high_risk_special":["XQ"]}`), `accounts[0].voice.high_risk_special[0]: unknown territory "XQ"`},
		{"a territory of a sender", account(`"senders":{"ACME":{"messaging":["UK"]}}`), `accounts[0].senders.ACME.messaging[0]: unknown territory "UK", did you mean "GB"?`},
		{"none, which is an empty list in JSON", account(`"messaging":["none"]`), `accounts[0].messaging[0]: "none" is not a territory: write [] for none`},
		{"none with territories", account(`"messaging":["US","none"]`), `accounts[0].messaging[1]: "none" must be alone: write no territory with it (in JSON, none is [])`},
		{"an empty territory", account(`"messaging":[""]`), `accounts[0].messaging[0]: a territory is missing: write`},
		{"a rule without a prefix", `{"prefixes":[{"reason":"x"}]}`, `prefixes[0]: a rule needs a prefix to "block" or to "allow"`},
		{"a rule of both kinds", `{"prefixes":[{"block":"+1","allow":"+1","reason":"x"}]}`, `prefixes[0]: a prefix is either blocked or allowed: write two rules`},
		{"a rule without a reason", `{"prefixes":[{"block":"+1"}]}`, `prefixes[0]: a rule needs a reason: say in quotes why it is there`},
		{"a channel", `{"prefixes":[{"block":"+1","channel":"sms","reason":"x"}]}`, `prefixes[0].channel: unknown channel "sms", did you mean "messaging"?`},
		{"a date", `{"prefixes":[{"block":"+1","until":"tomorrow","reason":"x"}]}`, `prefixes[0].until: cannot read "tomorrow" as a date or time: write "2026-12-01" or "2026-12-01T18:00:00Z"`},
		{"a word that turns off in place of a reason", `{"observe":{"reason":"Off"}}`, `observe.reason: "Off" is not a reason for observe`},
		{"the end of a suspension", account(`"suspended":{"until":"soon"}`), `accounts[0].suspended.until: cannot read "soon" as a date or time`},
		{"an emergency number", `{"prefixes":[{"allow":"112","channel":"voice","reason":"x"}]}`, `prefixes[0].allow: "112" is an emergency number: calls to these always pass and need no rule`},
		{"an emergency number of an account", `{"accounts":[{"id":"AC11111111111111111111111111111111","prefixes":[{"block":"911","reason":"x"}]}]}`, `accounts[0].prefixes[0].block: "911" is an emergency number`},
		{"few digits that are not an emergency number", `{"prefixes":[{"allow":"113","reason":"x"}]}`, `prefixes[0].allow: "113" is not a number or the beginning of one`},
		{"an exception", `{"prefixes":[{"block":"+49","except":["4915"],"reason":"x"}]}`, `prefixes[0].except[0]: "4915" is not a number or the beginning of one`},
		{"an exception elsewhere", `{"prefixes":[{"block":"+49","except":["+4915","+4315"],"reason":"x"}]}`,
			`prefixes[0].except[1]: +4315 is not an exception from +49: write a longer prefix that begins with +49`},
		{"an exception of everything", `{"prefixes":[{"block":"+49","except":["+49"],"reason":"x"}]}`, `prefixes[0].except[0]: +49 is not an exception from +49`},
		{"an exception twice", `{"prefixes":[{"block":"+49","except":["+4915","+4915"],"reason":"x"}]}`, `prefixes[0].except[1]: +4915 is already specified`},
		{"an exception from an exception", `{"prefixes":[{"block":"+49","except":["+4915","+49151"],"reason":"x"}]}`,
			`prefixes[0].except[1]: of the exceptions +4915 and +49151 one is within the other`},
		{"an exception from a later exception", `{"prefixes":[{"block":"+49","except":["+49151","+4915"],"reason":"x"}]}`,
			`prefixes[0].except[1]: of the exceptions +49151 and +4915 one is within the other`},
		{"a beginning", `{"prefixes":[{"block":"+1","from":"soon","reason":"x"}]}`, `prefixes[0].from: cannot read "soon" as a date or time`},
		{"a beginning at the end", `{"prefixes":[{"block":"+1","from":"2026-12-01","until":"2026-12-01T00:00:00Z","reason":"x"}]}`,
			`prefixes[0].from: a rule begins before it ends: from 2026-12-01 until 2026-12-01T00:00:00Z, it is never in force`},
		{"a beginning after the end", `{"prefixes":[{"block":"+1","from":"2027-12-01","until":"2026-12-01","reason":"x"}]}`, `prefixes[0].from: a rule begins before it ends`},
		{"a range without a prefix", `{"ranges":[{"territory":"US"}]}`, `ranges[0].prefix: "" is not a number`},
		{"a range of several calling codes", `{"ranges":[{"prefix":"+8","territory":"US"}]}`, `ranges[0].prefix: +8 is less than a calling code: write more digits`},
		{"a range that is a whole country", `{"ranges":[{"prefix":"+49","territory":"+881"}]}`, `ranges[0].prefix: +49 is a whole calling code: write the range behind it`},
		{"a range that is the whole of +1", `{"ranges":[{"prefix":"+1","territory":"US"}]}`, `ranges[0].prefix: +1 is a whole calling code`},
		{"a range without a territory", `{"ranges":[{"prefix":"+1924"}]}`, `ranges[0].territory: a territory is missing: write`},
		{"a risk class", `{"ranges":[{"prefix":"+1924","territory":"US","class":"high"}]}`, `ranges[0].class: unknown risk class "high"`},
		{"an approval without a reason", account(`"approved":[{"territory":"SG","channel":"voice"}]`), `accounts[0].approved[0]: an approval needs a reason`},
		{"an approval without a channel", account(`"approved":[{"territory":"SG","reason":"x"}]`), `accounts[0].approved[0].channel: only "voice" has territories by request, not ""`},
		{"an account without an identifier", `{"accounts":[{"label":"Acme"}]}`, `accounts[0].id: the identifier of an account is missing: write AC and 32 hexadecimal digits`},
		{"an account twice", `{"accounts":[{"id":"` + acme + `"},{"id":"` + acme + `"}]}`, `accounts[1].id: account ` + acme + ` is already defined at accounts[0].id`},
		{"an account in two spellings", `{"accounts":[{"id":"` + acme + `"},{"id":"` + strings.ToLower(acme) + `"}]}`, `accounts[1].id: account ` + acme + ` is already defined at accounts[0].id`},
		{"a key twice", account(`"keys":["` + key + `","` + strings.ToLower(key) + `"]`), `accounts[0].keys[1]: key ` + key + ` already belongs to account ` + acme},
		{"a credential twice", account(`"credentials":["` + client + `","` + strings.ToLower(client) + `"]`), `accounts[0].credentials[1]: credential ` + client + ` already belongs to account ` + acme},
		{"a credential of another account", `{"accounts":[{"id":"` + acme + `","credentials":["` + digest + `"]},{"id":"` + child + `","credentials":["` + strings.ToUpper(digest) + `"]}]}`,
			`accounts[1].credentials[0]: credential ` + digest + ` already belongs to account ` + acme},
		{"a key as a credential", account(`"credentials":["` + key + `"]`), `accounts[0].credentials[0]: "` + key + `" is not a credential: write OQ and 32 hexadecimal digits for an OAuth client, or "sha256:" and the 64 hexadecimal digits of a token's digest`},
		{"a digest without its kind", account(`"credentials":["` + digest[7:] + `"]`), `accounts[0].credentials[0]: "` + digest[7:] + `" is not a credential`},
		{"a token itself, which is not shown", account(`"credentials":["eyJh.eyJz.c2ln"]`), `accounts[0].credentials[0]: a token itself is not a credential: write OQ`},
		{"no credential", account(`"credentials":[""]`), `accounts[0].credentials[0]: "" is not a credential`},
		{"a parent", account(`"parent":"` + child + `"`), `accounts[0].parent: parent ` + child + ` is not defined: add an account for it`},
		{"parents in a circle", `{"accounts":[{"id":"` + acme + `","parent":"` + child + `"},{"id":"` + child + `","parent":"` + acme + `"}]}`,
			`accounts[1].parent: parent ` + acme + ` is a subaccount itself: subaccounts are one level deep`},
		{"a sender that is not a number", account(`"senders":{"+1415555010":{}}`), `accounts[0].senders.+1415555010: "+1415555010" is not a sender: a messaging service is MG and 32 hexadecimal digits, a number of +1 has ten digits behind it`},
		{"a sender that is half a messaging service", account(`"senders":{"MG3333333333333333":{}}`), `accounts[0].senders.MG3333333333333333: "MG3333333333333333" is not a sender: a messaging service is MG and 32 hexadecimal digits, a number of +1 has ten digits behind it`},
		{"a group", account(`"control":["keys","tokens"]`), `accounts[0].control[1]: unknown group "tokens", did you mean "keys"?`},
		{"none, which is an empty list of groups in JSON", account(`"control":["none"]`), `accounts[0].control[0]: "none" is not a group: write [] for none`},
		{"a URL in place of its host", `{"url_hosts":["https://hooks.example.com/"]}`, `url_hosts[0]: "https://hooks.example.com/" is not a host: write the host of the URL alone`},
		{"a host of an account", account(`"url_hosts":["hooks.example.com","[::1]"]`), `accounts[0].url_hosts[1]: "[::1]" is not a host: write a DNS name or an IPv4 address`},
		{"a host that is not in ASCII", `{"url_hosts":["münchen.example"]}`, `url_hosts[0]: "münchen.example" is not a host: write the name as DNS has it, in ASCII ("xn--…")`},
		{"a star in the middle of a host", `{"url_hosts":["hooks.*.example"]}`, `url_hosts[0]: "hooks.*.example" is not a host: a star must be the whole first label, as in "*.example.com"`},
		{"a host that is missing", `{"url_hosts":[""]}`, `url_hosts[0]: a host is missing`},
		{"none, which is an empty list of hosts in JSON", `{"url_hosts":["none"]}`, `url_hosts[0]: "none" is not a host: write [] for none`},
		{"none with a host", `{"url_hosts":["hooks.example.com","None"]}`, `url_hosts[1]: "none" must be alone`},
		{"a choice", `{"stored":"block"}`, `stored: unknown word "block" after "stored", did you mean "deny"?`},
		{"a choice of an account", account(`"unscoped_service":"Allow"`), `accounts[0].unscoped_service: unknown word "Allow" after "unscoped_service", did you mean "allow"?`},
		{"a territory for verifications", account(`"verify":{"voice":{"low_risk":["UK"]}}`), `accounts[0].verify.voice.low_risk[0]: unknown territory "UK", did you mean "GB"?`},
		{"a sender in two spellings", account(`"senders":{"+44 415":{},"+44415":{}}`), `accounts[0].senders.+44415: senders "+44 415" and "+44415" are one and the same: define it once`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := parse(t, c.text)
			_, err := config.Compile(carriers, config.Source{Document: d})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if err := config.Check(config.Source{Document: d}, false, carriers); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("checking finds %v", err)
			}
		})
	}
}

func TestAllMistakesAreNamedAtOnce(t *testing.T) {
	d := parse(t, `{"national":"lax","default":{"messaging":["UK"]},"prefixes":[{"block":"998"}],"accounts":[{"id":"AC1","keys":["SK1"]}]}`)
	_, err := config.Compile(carriers, config.Source{Document: d})
	var problems interface{ Unwrap() []error }
	if !errors.As(err, &problems) || len(problems.Unwrap()) != 6 {
		t.Errorf("got %v", err)
	}
}

func TestMistakesAreNamedInTheOrderOfTheFile(t *testing.T) {
	source, err := config.ParseFile("policy.yaml", []byte("version: 1\naccounts:\n  - id: "+acme+"\n    messaging: [ZZ]\ndefault: {messaging: [XX, QQ]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	caddyfile := config.Source{
		Document:  config.Document{Stored: "perhaps"},
		Positions: decode.Positions{"stored": {File: "Caddyfile", Line: 30}},
	}
	_, err = config.Compile(configtest.AsWritten, source, caddyfile)
	if err == nil {
		t.Fatal("no mistake is found")
	}
	var places []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		place, _, _ := strings.Cut(line, ": ")
		places = append(places, place)
	}
	if want := []string{"Caddyfile:30", "policy.yaml:4:17", "policy.yaml:5:23", "policy.yaml:5:27"}; !slices.Equal(places, want) {
		t.Errorf("got %q, want %q", places, want)
	}
}

func TestAMistakeWithAKnownPositionIsNamedByFileAndLine(t *testing.T) {
	d := parse(t, `{"accounts":[{"id":"`+acme+`","messaging":["US","UK"],"home":"XQ"}]}`)
	positions := decode.Positions{
		"accounts[0]":              {File: "policy", Line: 3},
		"accounts[0].messaging[1]": {File: "policy", Line: 5},
	}
	_, err := config.Compile(carriers, config.Source{Document: d, Positions: positions})
	for _, want := range []string{
		`policy:5: unknown territory "UK", did you mean "GB"?`,
		`policy:3: unknown territory "XQ"`, // where the account is, the closest known
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// everywhere has a placeholder wherever one may be.
const everywhere = `{
	"national": "{env.STRICT}", "stored": "{env.DENY}", "unscoped_service": "{env.DENY}", "messaging_special": "{env.DENY}", "unallocated": "{env.DENY}", "url_hosts": ["{env.HOST}"],
	"default": {"messaging": ["{env.US}"], "voice": {"low_risk": ["{env.US}", "CA"]}, "verify": {"messaging": ["{env.US}"]}},
	"prefixes": [{"block": "{env.PREFIX}", "except": ["{env.PREFIX}7"], "channel": "{env.VOICE}", "reason": "{env.REASON}", "from": "{env.BEGIN}", "until": "{env.DATE}"}],
	"ranges": [{"prefix": "{env.PREFIX}", "territory": "{env.US}", "class": "{env.CLASS}"}],
	"accounts": [
		{"id": "{env.CHILD}", "parent": "{env.ACME}", "home": "{env.US}", "trial": ["{env.PREFIX}"], "keys": ["{env.KEY}"], "credentials": ["{env.CLIENT}"],
			"verify": {"voice": {"low_risk": ["{env.US}"]}}, "control": ["{env.GROUP}"], "stored": "{env.DENY}", "unscoped_service": "{env.DENY}", "messaging_special": "{env.DENY}", "unallocated": {"voice": "{env.DENY}"}, "url_hosts": ["*.{env.HOST}"],
			"openings": [{"territory": "{env.US}", "channel": "{env.VOICE}", "class": "{env.CLASS}", "reason": "{env.REASON}", "ticket": "{env.REASON}", "from": "{env.BEGIN}", "until": "{env.DATE}", "acknowledge_high_risk": true}, {"prefix": "{env.PREFIX}", "channel": "messaging", "reason": "x", "until": "{env.DATE}"}],
			"approved": [{"territory": "{env.US}", "channel": "{env.VOICE}", "reason": "{env.REASON}"}]},
		{"id": "{env.ACME}", "label": "the account {env.REASON}", "senders": {"{env.SENDER}": {"messaging": ["{env.US}"]}}}
	]
}`

func TestADocumentWithPlaceholdersChecksAndCompilesOnceTheyAreResolved(t *testing.T) {
	d := parse(t, everywhere)
	if err := config.Check(config.Source{Document: d}, false, carriers); err != nil {
		t.Errorf("checking: %v", err)
	}
	if _, err := config.Compile(carriers, config.Source{Document: d}); err == nil {
		t.Error("compiles with placeholders in it")
	}

	values := strings.NewReplacer("{env.STRICT}", "strict", "{env.US}", "US", "{env.PREFIX}", "+99899", "{env.VOICE}", "voice",
		"{env.REASON}", "a reason", "{env.BEGIN}", "2026-11-01", "{env.DATE}", "2026-12-01", "{env.CLASS}", "high_risk_special",
		"{env.CHILD}", child, "{env.ACME}", acme, "{env.KEY}", key, "{env.CLIENT}", client, "{env.SENDER}", "ACME", "{env.DENY}", "deny", "{env.GROUP}", "keys", "{env.HOST}", "hooks.example.com")
	resolved, _, err := config.Resolve(&d, func(text string) (string, error) { return values.Replace(text), nil })
	if err != nil {
		t.Fatal(err)
	}
	got, err := config.Compile(carriers, config.Source{Document: resolved})
	if err != nil {
		t.Fatal(err)
	}
	accounts := got.Definition.Accounts
	if len(accounts) != 2 || accounts[0].ID != child || accounts[0].Parent != acme || accounts[1].Label != "the account a reason" || accounts[0].Credentials[0] != client ||
		got.Definition.Stored != policy.Denied || accounts[0].UnscopedService != policy.Denied || accounts[0].MessagingSpecial != policy.Denied || accounts[0].Controls[0] != policy.ControlKeys ||
		got.Definition.URLHosts[0] != "hooks.example.com" || accounts[0].URLHosts[0] != "*.hooks.example.com" ||
		*accounts[0].Verify.Voice != [policy.ClassCount]policy.Grant{grantOf("US")} ||
		len(accounts[1].Senders) != 1 || accounts[1].Senders[0].ID != "ACME" {
		t.Errorf("got %+v", accounts)
	}
	if reflect.DeepEqual(d, resolved) || !reflect.DeepEqual(d, parse(t, everywhere)) {
		t.Error("resolving changed the document it was given")
	}
}

func TestResolvingKeepsEverythingElse(t *testing.T) {
	d := parse(t, `{"default":{"messaging":[]},"by_request":{"voice":[]},"accounts":[{"id":"`+acme+`","trial":[],"senders":{"ACME":{}}}]}`)
	resolved, _, err := config.Resolve(&d, func(string) (string, error) { return "", errors.New("there is nothing to resolve") })
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(resolved, d) {
		t.Errorf("got %+v, want %+v", resolved, d)
	}
}

func TestAPlaceholderThatDoesNotResolveIsAnErrorWithItsPath(t *testing.T) {
	unset := errors.New("X is not set")
	for text, path := range map[string]string{
		`{"default":{"messaging":["US","{env.X}"]}}`:                  "default.messaging[1]: ",
		`{"accounts":[{"id":"{env.X}"}]}`:                             "accounts[0].id: ",
		`{"accounts":[{"senders":{"{env.X}":{"messaging":["US"]}}}]}`: "accounts[0].senders: ",
	} {
		d := parse(t, text)
		_, _, err := config.Resolve(&d, func(string) (string, error) { return "", unset })
		if !errors.Is(err, unset) || !strings.HasPrefix(err.Error(), path) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestTwoPlaceholdersThatResolveToOneSenderAreAnError(t *testing.T) {
	d := parse(t, `{"accounts":[{"senders":{"{env.A}":{},"{env.B}":{}}}]}`)
	_, _, err := config.Resolve(&d, func(string) (string, error) { return "ACME", nil })
	if err == nil || err.Error() != "accounts[0].senders.{env.B}: already specified" {
		t.Errorf("got %v", err)
	}
}

// Only names are made known while parsing a Caddyfile. What a document refers to
// by another placeholder, or by none, must not fail before it is known.
func TestReferencesAreCheckedOnlyWhenBothEndsAreKnown(t *testing.T) {
	d := parse(t, `{"accounts":[{"id":"{env.ACME}"},{"id":"`+child+`","parent":"`+acme+`"},{"id":"{env.OTHER}","keys":["{env.KEY}"]}]}`)
	if err := config.Check(config.Source{Document: d}, false, carriers); err != nil {
		t.Error(err)
	}
}

func TestOfManyMistakesTheFirstAreNamedAndTheRestCounted(t *testing.T) {
	list := make(config.Territories, 200)
	for i := range list {
		list[i] = "XX"
	}
	_, err := config.Compile(carriers, config.Source{Document: config.Document{Default: &config.Default{Permissions: config.Permissions{Messaging: list}}}})
	if err == nil {
		t.Fatal("no mistake is named")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 51 || lines[50] != "and 150 more mistakes" {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}
