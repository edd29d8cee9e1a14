package config_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/sid"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/policy"
)

// several are carriers by their names: Twilio, one whose identifiers have the same form, and
// one whose accounts are UUIDs. The last folds the names of senders.
type several struct {
	configtest.Carriers
	names []string
}

var allThree = several{configtest.Carriers{Read: readSender}, []string{"mirror", "telnyx", "twilio"}}

func (s several) Names() []string { return s.names }

func (s several) Only(names ...string) config.Carriers { return several{s.Carriers, names} }

func (s several) Canonical(kind policy.IdentifierKind, text string) (string, bool) {
	for _, name := range s.names {
		if name == "telnyx" {
			if kind == policy.AccountID && strings.Count(text, "-") == 4 {
				return strings.ToLower(text), true
			}
			continue
		}
		if id, ok := (sid.Identifiers{}).Canonical(kind, text); ok {
			return id, true
		}
	}
	return "", false
}

func (s several) Form(kind policy.IdentifierKind) string {
	if !slices.Equal(s.names, []string{"telnyx"}) {
		return sid.Identifiers{}.Form(kind)
	}
	if kind == policy.AccountID {
		return "a UUID"
	}
	return ""
}

func (s several) ReadSender(carrier, text string) []string {
	if carrier == "telnyx" {
		text = strings.ToLower(text)
	}
	return readSender(text)
}

const uuid = "4f2a9c1e-0b7d-4c55-9a31-6d2f8e7b1c90"

func TestAnAccountIsFoundByItsIdsAtCarriers(t *testing.T) {
	atTwilio, atTelnyx := policy.CarrierAccount{Carrier: "twilio", ID: acme}, policy.CarrierAccount{Carrier: "telnyx", ID: uuid}
	for _, c := range []struct {
		says, text string
		want       []policy.Account
	}{
		{"the form of an id says which carrier's it is", `{"accounts":[{"id":"` + strings.ToUpper(uuid) + `"}]}`,
			[]policy.Account{{ID: uuid, At: []policy.CarrierAccount{atTelnyx}}}},
		{"a name of its own", `{"accounts":[{"id":"acme","at":{"twilio":"` + strings.ToLower(acme) + `","telnyx":"` + uuid + `"}}]}`,
			[]policy.Account{{ID: "acme", At: []policy.CarrierAccount{atTelnyx, atTwilio}}}},
		{"the longest name", `{"accounts":[{"id":"` + strings.Repeat("a._-0", 12) + `abcd","at":{"twilio":"` + acme + `"}}]}`,
			[]policy.Account{{ID: strings.Repeat("a._-0", 12) + "abcd", At: []policy.CarrierAccount{atTwilio}}}},
		{"a parent by its name", `{"accounts":[{"id":"acme","at":{"twilio":"` + acme + `"}},{"id":"` + uuid + `","parent":"acme"}]}`,
			[]policy.Account{{ID: "acme", At: []policy.CarrierAccount{atTwilio}}, {ID: uuid, At: []policy.CarrierAccount{atTelnyx}, Parent: "acme"}}},
		{"a parent by its id at a carrier", `{"accounts":[{"id":"` + uuid + `","parent":"` + strings.ToLower(acme) + `"},{"id":"acme","at":{"twilio":"` + acme + `"}}]}`,
			[]policy.Account{{ID: uuid, At: []policy.CarrierAccount{atTelnyx}, Parent: "acme"}, {ID: "acme", At: []policy.CarrierAccount{atTwilio}}}},
		{"two accounts with one id, each at another carrier", `{"accounts":[{"id":"one","at":{"twilio":"` + acme + `"}},{"id":"two","at":{"mirror":"` + acme + `"}}]}`,
			[]policy.Account{{ID: "one", At: []policy.CarrierAccount{atTwilio}}, {ID: "two", At: []policy.CarrierAccount{{Carrier: "mirror", ID: acme}}}}},
		{"a sender that each carrier names in its own way", `{"accounts":[{"id":"acme","at":{"twilio":"` + acme + `","telnyx":"` + uuid + `"},"senders":{"ACME":{},"+14155550100":{}}}]}`,
			[]policy.Account{{ID: "acme", At: []policy.CarrierAccount{atTelnyx, atTwilio}, Senders: []policy.Sender{{ID: "+14155550100"}, {ID: "acme"}, {ID: "ACME"}}}}},
	} {
		t.Run(c.says, func(t *testing.T) {
			got, err := config.Compile(allThree, config.Source{Document: parse(t, c.text)})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Definition.Accounts, c.want) {
				t.Errorf("got  %+v\nwant %+v", got.Definition.Accounts, c.want)
			}
			if _, err := policy.New(got.Definition); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestMistakesInTheNamesOfAccountsAreNamedByTheirPath(t *testing.T) {
	named := func(name string) string { return `{"accounts":[{"id":"` + name + `","at":{"twilio":"` + acme + `"}}]}` }
	const form = ` is not the identifier of an account: write AC and 32 hexadecimal digits, or a name of its own (a small letter, and at most 63 of these, digits, "-", "_" and ".")`
	for _, c := range []struct{ says, text, want string }{
		{"an id of a form that several carriers have", `{"accounts":[{"id":"` + acme + `"}]}`,
			`accounts[0].id: "` + acme + `" has the form of an account of mirror and of twilio: give the account a name of its own, and state the id with "at"`},
		{"a name without an id", `{"accounts":[{"id":"acme"}]}`,
			`accounts[0].id: account acme is at no carrier: add "at" with its id at a carrier, such as mirror (AC and 32 hexadecimal digits) or telnyx (a UUID) or twilio (AC and 32 hexadecimal digits)`},
		{"an id beside an id", `{"accounts":[{"id":"` + uuid + `","at":{"twilio":"` + acme + `"}}]}`,
			`accounts[0].at: "at" is for an account with a name of its own, and ` + uuid + ` is an id at telnyx: write a name instead`},
		{"a carrier that there is not", `{"accounts":[{"id":"acme","at":{"Twilio":"` + acme + `"}}]}`, `accounts[0].at.Twilio: unknown carrier "Twilio", did you mean "twilio"?`},
		{"an id of another carrier", `{"accounts":[{"id":"acme","at":{"telnyx":"` + acme + `"}}]}`,
			`accounts[0].at.telnyx: "` + acme + `" is not the identifier of an account at telnyx: write a UUID`},
		{"capitals", named("Acme"), `accounts[0].id: "Acme"` + form},
		{"a digit first", named("1acme"), `accounts[0].id: "1acme"` + form},
		{"a name that is too long", named(strings.Repeat("a", 65)), form},
		{"a key for a name", named("sk" + acme[2:]), form},
		{"a name twice", `{"accounts":[{"id":"acme","at":{"twilio":"` + acme + `"}},{"id":"acme","at":{"telnyx":"` + uuid + `"}}]}`,
			`accounts[1].id: account acme is already defined at accounts[0].id`},
		{"an id twice", `{"accounts":[{"id":"acme","at":{"twilio":"` + acme + `"}},{"id":"b","at":{"twilio":"` + strings.ToLower(acme) + `"}}]}`,
			`accounts[1].at.twilio: ` + acme + ` at twilio is already the id of account acme, which is defined at accounts[0].id`},
		{"an id twice, once for a name", `{"accounts":[{"id":"acme","at":{"telnyx":"` + uuid + `"}},{"id":"` + uuid + `"}]}`,
			`accounts[1].id: ` + uuid + ` at telnyx is already the id of account acme, which is defined at accounts[0].id`},
		{"a parent that is mistyped", `{"accounts":[{"id":"acme","at":{"twilio":"` + acme + `"}},{"id":"` + uuid + `","parent":"acne"}]}`,
			`accounts[1].parent: parent acne is not defined, did you mean "acme"?`},
		{"a parent that is not a name", `{"accounts":[{"id":"` + uuid + `","parent":"Acme"}]}`, `accounts[0].parent: "Acme" is not the identifier of an account: write AC and 32 hexadecimal digits, or the name that the policy gives it`},
		{"a parent of itself by its id", `{"accounts":[{"id":"acme","parent":"` + acme + `","at":{"twilio":"` + acme + `"}}]}`, `accounts[0].parent: account acme is its own parent`},
		{"a parent's id that two accounts have", `{"accounts":[{"id":"one","at":{"twilio":"` + acme + `"}},{"id":"two","at":{"mirror":"` + acme + `"}},{"id":"` + uuid + `","parent":"` + acme + `"}]}`,
			`accounts[2].parent: ` + acme + ` is the id of several accounts, two and one: write the name of one`},
		{"a key of a carrier that the account is not at", `{"accounts":[{"id":"acme","at":{"telnyx":"` + uuid + `"},"keys":["` + key + `"]}]}`,
			`accounts[0].keys[0]: "` + key + `" is not an API key: telnyx has none that a policy can name`},
		{"a sender twice at several carriers", `{"accounts":[{"id":"acme","at":{"twilio":"` + acme + `","telnyx":"` + uuid + `"},"senders":{"acme":{},"ACME":{}}}]}`,
			`accounts[0].senders.acme: senders "ACME" and "acme" are one and the same: define it once`},
	} {
		t.Run(c.says, func(t *testing.T) {
			source := config.Source{Document: parse(t, c.text)}
			_, err := config.Compile(allThree, source)
			if err == nil || !strings.HasSuffix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if again := config.Check(source, false, allThree); again == nil || again.Error() != err.Error() {
				t.Errorf("checking finds %v", again)
			}
		})
	}
}

// What a placeholder stands for is not known where a Caddyfile is adapted.
func TestNamesAndIdsThatAreNotKnownYetPass(t *testing.T) {
	for _, text := range []string{
		`{"accounts":[{"id":"{env.NAME}","at":{"twilio":"` + acme + `"}}]}`,
		`{"accounts":[{"id":"{env.SID}"}]}`,
		`{"accounts":[{"id":"acme","at":{"twilio":"{env.SID}"}},{"id":"other","at":{"twilio":"{env.SID}"}}]}`,
		`{"accounts":[{"id":"acme","at":{"{env.CARRIER}":"{env.SID}"}}]}`,
		`{"accounts":[{"id":"acme","at":{"twilio":"{env.SID}"}},{"id":"` + uuid + `","parent":"{env.PARENT}"}]}`,
	} {
		if err := config.Check(config.Source{Document: parse(t, text)}, false, allThree); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
