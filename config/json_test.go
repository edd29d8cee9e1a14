package config_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
)

func TestNoneIsNotTheSameAsNotStated(t *testing.T) {
	for _, text := range []string{
		`{}`,
		`{"default":{}}`,
		`{"default":{"messaging":[]}}`,
		`{"default":{"voice":{"low_risk":[]}}}`,
		`{"unsupported":{"messaging":[]}}`,
		`{"by_request":{"voice":[]}}`,
		`{"accounts":[{"id":"AC1"}]}`,
		`{"accounts":[{"id":"AC1","messaging":[],"trial":[]}]}`,
		`{"accounts":[{"senders":{"ACME":{}}}]}`,
		`{"accounts":[{"senders":{"ACME":{"messaging":[]}}}]}`,
	} {
		d, err := config.ParseJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(d); string(again) != text {
			t.Errorf("read %s\nwrote %s", text, again)
		}
	}
}

func TestWhereEmptyAndAbsentMeanTheSameTheyAreTheSameValue(t *testing.T) {
	for text, want := range map[string]string{
		`{"accounts":[],"prefixes":[],"ranges":[]}`:                                                    `{}`,
		`{"accounts":[{"id":"AC1","keys":[],"prefixes":[],"openings":[],"approved":[],"senders":{}}]}`: `{"accounts":[{"id":"AC1"}]}`,
	} {
		if got := parse(t, text); !reflect.DeepEqual(got, parse(t, want)) {
			t.Errorf("%s reads as %+v", text, got)
		}
	}
}

// application is like Caddy's app, which embeds a document.
type application struct {
	Policy string `json:"policy,omitzero"`
	config.Document

	untagged *int
}

func TestAStructThatEmbedsADocumentIsReadAsStrictly(t *testing.T) {
	var a application
	if err := config.DecodeJSON([]byte(`{"policy":"policy.yaml","default":{"messaging":["us"]}}`), &a); err != nil {
		t.Fatal(err)
	}
	if a.Policy != "policy.yaml" || a.Default.Messaging[0] != "us" || a.untagged != nil {
		t.Errorf("got %+v", a)
	}
	for text, want := range map[string]string{
		`{"Policy":"x"}`:   `the document: unknown member "Policy", did you mean "policy"?`,
		`{"untagged":1}`:   `the document: unknown member "untagged"`,
		`{"Document":{}}`:  `the document: unknown member "Document"`,
		`{"version":1}`:    `the document: unknown member "version"`,
		`{"policy":["x"]}`: `policy: must be a text in quotes`,
	} {
		if err := config.DecodeJSON([]byte(text), new(application)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	if err := config.DecodeJSON([]byte(`{}`), a); err == nil {
		t.Error("decodes into what is not a pointer")
	}
}

func TestAllMistakesInJSONAreNamedAtOnce(t *testing.T) {
	_, err := config.ParseJSON([]byte(`{"observe":1,"accounts":[{"id":null,"x":1},7],"default":{"messaging":["US",false]},"observe":true}`))
	want := []string{"observe: must be", "accounts[0].id: null", `accounts[0]: unknown member "x"`, "accounts[1]: must be", "default.messaging[1]: must be", "observe: already specified"}
	if err == nil {
		t.Fatal("no mistake found")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got %v", err)
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, want[i]) {
			t.Errorf("got  %s\nwant %s", line, want[i])
		}
	}
}

func TestJSONWithAMistakeIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"null in place of a list", `{"default":{"messaging":null}}`, `default.messaging: null states nothing: leave it out, or write [] for none`},
		{"null in a list", `{"default":{"messaging":["US",null]}}`, `default.messaging[1]: null states nothing`},
		{"null in place of a block", `{"accounts":[{"voice":null}]}`, `accounts[0].voice: null states nothing`},
		{"null in place of the document", `null`, `the document: null states nothing`},
		{"a member twice", `{"observe":true,"observe":false}`, `observe: already specified`},
		{"a member twice, once written otherwise", `{"observe":true,"ob\u0073erve":false}`, `observe: already specified`},
		{"a member twice, once in capitals", `{"observe":true,"Observe":false}`, `the document: unknown member "Observe", did you mean "observe"?`},
		{"a member twice deep inside", `{"accounts":[{},{"voice":{"low_risk":["US"],"low_risk":["*"]}}]}`, `accounts[1].voice.low_risk: already specified`},
		{"a sender twice", `{"accounts":[{"senders":{"ACME":{},"ACME":{}}}]}`, `accounts[0].senders.ACME: already specified`},
		{"an unknown member", `{"accounts":[{"mesaging":[]}]}`, `accounts[0]: unknown member "mesaging", did you mean "messaging"?`},
		{"an unknown member in a sender", `{"accounts":[{"senders":{"ACME":{"voise":{}}}}]}`, `accounts[0].senders.ACME: unknown member "voise", did you mean "voice"?`},
		{"an unknown member near none", `{"frobnicate":1}`, `the document: unknown member "frobnicate": must be one of observe, national, default`},
		{"a text where a list belongs", `{"default":{"messaging":"US"}}`, `default.messaging: must be a list`},
		{"a list where a text belongs", `{"national":["strict"]}`, `national: must be a text in quotes`},
		{"a number where a text belongs", `{"prefixes":[{"block":998}]}`, `prefixes[0].block: must be a text in quotes`},
		{"a text where true or false belongs", `{"observe":"yes"}`, `observe: must be true or false`},
		{"false where one territory belongs", `{"accounts":[{"id":"AC00000000000000000000000000000001","home":false}]}`, `accounts[0].home: must be a text in quotes: some tools read NO without quotes as false, write "NO" in quotes for Norway`},
		{"true where one territory belongs", `{"ranges":[{"prefix":"+1","territory":true}]}`, `ranges[0].territory: must be a text in quotes`},
		{"false where a territory belongs", `{"default":{"messaging":[false]}}`, `default.messaging[0]: must be a text in quotes`},
		{"a list of classes", `{"default":{"voice":["US"]}}`, `default.voice: must be an object`},
		{"a list in place of the document", `[]`, `the document: must be an object`},
		{"a second document", `{} {}`, `there is more after the document: write one only`},
		{"a bracket too many", `{}}`, `there is more after the document: write one only`},
		{"nothing", ``, `reading JSON: the document ends too soon`},
		{"half a document", `{"accounts":[{"id":"AC1"`, `reading JSON: the document ends too soon`},
		{"no JSON", `{observe: true}`, `reading JSON: a name must be in double quotes`},
		{"very deep nesting", `{"accounts":` + strings.Repeat("[", 100_000), `values nest more than 32 levels deep`},
		{"very deep nesting of objects", strings.Repeat(`{"default":`, 100_000), `values nest more than 32 levels deep`},
		{"a voice set without a class", `{"default":{"voice":{}}}`, `default.voice: states nothing: write a risk class, such as {"low_risk": ["US"]}, or {"low_risk": []} for none`},
		{"unsupported without a channel", `{"unsupported":{}}`, `unsupported: states nothing: write a channel`},
		{"by request without a channel", `{"by_request":{}}`, `by_request: states nothing: write a channel`},
		{"text that is not UTF-8", "{\"national\":\"\xff\"}", `reading JSON: the text is not UTF-8`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := config.ParseJSON([]byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func FuzzParseJSON(f *testing.F) {
	for i := range uint64(20) {
		text, err := json.Marshal(configtest.Document(rand.New(rand.NewPCG(3, i))))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"observe":true,"observe":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := config.ParseJSON(text)
		if err != nil {
			return
		}
		written, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		again, err := config.ParseJSON(written)
		if err != nil || !reflect.DeepEqual(again, d) {
			t.Errorf("wrote %s, read %v %v", written, again, err)
		}
	})
}
