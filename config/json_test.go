package config_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
)

// randomValue fills a value of a document with anything that its type can hold.
// Lists and maps are often nil, and often empty: one inherits, one says "none".
func randomValue(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.String:
		texts := []string{"", "US", "+881", "*", "a text", `"quoted" <&> \`, "{env.X}", "Überlingen", "\u2028", "\x00"}
		v.SetString(texts[r.IntN(len(texts))])
	case reflect.Struct:
		for i := range v.NumField() {
			randomValue(r, v.Field(i))
		}
	case reflect.Pointer:
		if r.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			randomValue(r, v.Elem())
		}
	case reflect.Slice:
		if n := r.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				randomValue(r, v.Index(i))
			}
		}
	case reflect.Map:
		if n := r.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for range n {
				key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				randomValue(r, key)
				randomValue(r, value)
				v.SetMapIndex(key, value)
			}
		}
	default:
		panic("a document holds a " + v.Kind().String())
	}
}

func randomDocument(r *rand.Rand) config.Document {
	var d config.Document
	randomValue(r, reflect.ValueOf(&d).Elem())
	return d
}

func TestAnyDocumentIsTheSameAfterItWasWrittenAndRead(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		want := randomDocument(r)
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := config.ParseJSON(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(got, want) {
			again, _ := json.Marshal(got)
			t.Fatalf("wrote\n%s\nread\n%s", text, again)
		}
	}
}

func TestNoneIsNotTheSameAsNotStated(t *testing.T) {
	for _, text := range []string{
		`{}`,
		`{"accounts":[]}`,
		`{"default":{}}`,
		`{"default":{"messaging":[]}}`,
		`{"default":{"voice":{}}}`,
		`{"default":{"voice":{"low_risk":[]}}}`,
		`{"unsupported":{"messaging":[]}}`,
		`{"by_request":{"voice":[]}}`,
		`{"by_request":{}}`,
		`{"accounts":[{"id":"AC1"}]}`,
		`{"accounts":[{"id":"AC1","messaging":[],"trial":[],"keys":[],"prefixes":[],"approved":[],"senders":{}}]}`,
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

func TestJSONWithAMistakeIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"null in place of a list", `{"default":{"messaging":null}}`, `default.messaging: null says nothing: leave it out to inherit, or write [] for none`},
		{"null in a list", `{"default":{"messaging":["US",null]}}`, `default.messaging[1]: null says nothing`},
		{"null in place of a block", `{"accounts":[{"voice":null}]}`, `accounts[0].voice: null says nothing`},
		{"null in place of the document", `null`, `the document: null says nothing`},
		{"a member twice", `{"observe":true,"observe":false}`, `observe: stands twice`},
		{"a member twice, once written otherwise", `{"observe":true,"ob\u0073erve":false}`, `observe: stands twice`},
		{"a member twice, once in capitals", `{"observe":true,"Observe":false}`, `the document: unknown member "Observe", did you mean "observe"?`},
		{"a member twice deep inside", `{"accounts":[{},{"voice":{"low_risk":["US"],"low_risk":["*"]}}]}`, `accounts[1].voice.low_risk: stands twice`},
		{"a sender twice", `{"accounts":[{"senders":{"ACME":{},"ACME":{}}}]}`, `accounts[0].senders.ACME: stands twice`},
		{"an unknown member", `{"accounts":[{"mesaging":[]}]}`, `accounts[0]: unknown member "mesaging", did you mean "messaging"?`},
		{"an unknown member in a sender", `{"accounts":[{"senders":{"ACME":{"voise":{}}}}]}`, `accounts[0].senders.ACME: unknown member "voise", did you mean "voice"?`},
		{"an unknown member near none", `{"frobnicate":1}`, `the document: unknown member "frobnicate": must be one of observe, national, default`},
		{"a text where a list belongs", `{"default":{"messaging":"US"}}`, `default.messaging: must be a list`},
		{"a list where a text belongs", `{"national":["strict"]}`, `national: must be a text in quotes`},
		{"a number where a text belongs", `{"prefixes":[{"block":998}]}`, `prefixes[0].block: must be a text in quotes`},
		{"a text where true or false belongs", `{"observe":"yes"}`, `observe: must be true or false`},
		{"false where a territory belongs", `{"default":{"messaging":[false]}}`, `default.messaging[0]: must be a text in quotes`},
		{"a list of classes", `{"default":{"voice":["US"]}}`, `default.voice: must be an object`},
		{"a list in place of the document", `[]`, `the document: must be an object`},
		{"a second document", `{} {}`, `there is more behind the document: write one only`},
		{"a bracket too many", `{}}`, `there is more behind the document: write one only`},
		{"nothing", ``, `reading JSON: the document ends too soon`},
		{"half a document", `{"accounts":[{"id":"AC1"`, `reading JSON: the document ends too soon`},
		{"no JSON", `{observe: true}`, `reading JSON: invalid character 'o'`},
		{"very deep nesting", `{"accounts":` + strings.Repeat("[", 100_000), `accounts[0]: must be an object`},
		{"very deep nesting of objects", strings.Repeat(`{"default":`, 100_000), `default: unknown member "default"`},
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
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		text, err := json.Marshal(randomDocument(r))
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
