package config_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
)

// secrets are what a placeholder may stand for by mistake, each with a part that
// is in none of our messages. Some are right values, which may occur twice.
var secrets = []string{
	"5ec4e75ec4e7", "5ec4e7 US", "5ec4e7,CA", "SK5ec4e7" + strings.Repeat("0", 26), "OQ5ec4e7" + strings.Repeat("0", 26),
	"AC5ec4e7" + strings.Repeat("0", 26), "MG5ec4e75ec4e7", "+15474775474", "eyJ5ec4e7.eyJ5ec4e7.5ec4e7", "sha256:5ec4e7", "\"5ec4e7\"\n",
	"+5474775474775474775474", "sha256:5ec4e7" + strings.Repeat("0", 58),
}

// hide puts placeholders in the place of some texts, names of senders among them.
func hide(random *rand.Rand, v reflect.Value, values map[string]string) {
	placeholder := func() string {
		name := fmt.Sprintf("{env.S%d}", len(values))
		values[name] = secrets[random.IntN(len(secrets))]
		return name
	}
	switch v.Kind() {
	case reflect.String:
		if v.String() != "" && random.IntN(3) == 0 {
			v.SetString(placeholder())
		}
	case reflect.Pointer:
		if !v.IsNil() {
			hide(random, v.Elem(), values)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			hide(random, v.Field(i), values)
		}
	case reflect.Slice:
		for i := range v.Len() {
			hide(random, v.Index(i), values)
		}
	case reflect.Map:
		for _, name := range v.MapKeys() {
			entry := reflect.New(v.Type().Elem()).Elem()
			entry.Set(v.MapIndex(name))
			hide(random, entry, values)
			v.SetMapIndex(name, reflect.Value{})
			if random.IntN(2) == 0 {
				name = reflect.ValueOf(placeholder())
			}
			v.SetMapIndex(name, entry)
		}
	}
}

// A file that a placeholder names by mistake may hold a token. Whatever is wrong
// with it then, no one reads it in an error.
func TestNoErrorShowsWhatAPlaceholderStandsFor(t *testing.T) {
	const documents = randomDocuments / 10 // each has a mistake in every other place, and is slow to refuse
	seed, failed := seed(t), 0
	for i := range uint64(documents) {
		random := rand.New(rand.NewPCG(seed, i))
		d := configtest.Document(random)
		values := make(map[string]string)
		hide(random, reflect.ValueOf(&d).Elem(), values)

		resolved, written, err := config.Resolve(&d, func(text string) (string, error) { return values[text], nil })
		if err == nil {
			_, err = config.Compile(carriers, config.Source{Document: resolved, Written: written})
		}
		if err == nil {
			continue
		}
		failed++
		message := strings.ToLower(err.Error())
		if strings.Contains(message, "5ec4e7") || strings.Contains(message, "547477") {
			t.Fatalf("TOLLGATE_SEED=%d, document %d:\n%s", seed, i, message)
		}
	}
	if failed < documents/2 {
		t.Errorf("only %d documents have a mistake", failed)
	}
}

// An error names the placeholder, so that an operator can find it.
func TestErrorsNameThePlaceholder(t *testing.T) {
	for text, want := range map[string]string{
		`{"accounts":[{"id":"{env.X}"}]}`:                                                 `accounts[0].id: "{env.X}" is not the identifier of an account`,
		`{"accounts":[{"id":"` + acme + `","senders":{"MG3{env.X}":{}}}]}`:                `accounts[0].senders.MG3{env.X}: "MG3{env.X}" is not a sender`,
		`{"accounts":[{"id":"` + acme + `","senders":{"{env.X}":{"messaging":["UK"]}}}]}`: `accounts[0].senders.{env.X}.messaging[0]: unknown territory "UK"`,
		`{"default":{"messaging":["{env.X}"]}}`:                                           `default.messaging[0]: unknown territory "{env.X}"`,
		`{"prefixes":[{"block":"+1","reason":"x","until":"{env.X}"}]}`:                    `prefixes[0].until: cannot read "{env.X}" as a date or time`,
		`{"stored":"{env.X}"}`:                                                            `stored: unknown word "{env.X}" after "stored"`,
		`{"accounts":[{"id":"` + acme + `","credentials":["OQ{env.X}"]}]}`:                `accounts[0].credentials[0]: "OQ{env.X}" is not a credential`,
	} {
		d := parse(t, text)
		resolved, written, err := config.Resolve(&d, func(text string) (string, error) {
			return strings.ReplaceAll(text, "{env.X}", "33333333333"), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = config.Compile(carriers, config.Source{Document: resolved, Written: written}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
