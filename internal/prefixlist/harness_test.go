package prefixlist_test

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/prefixlist"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const account = "AC11111111111111111111111111111111"

var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// country is that of a code that is known to be right.
func country(code string) address.Country {
	t, ok := numbering.ParseTerritory(code)
	if !ok {
		panic("no territory " + code)
	}
	return address.CountryOf(t)
}

// read reads one file.
func read(t testing.TB, system, text string, o prefixlist.Options) (*prefixlist.List, error) {
	t.Helper()
	return readFiles(t, system, []prefixlist.File{{Name: "list", Text: []byte(text)}}, o)
}

func readFiles(t testing.TB, system string, files []prefixlist.File, o prefixlist.Options) (*prefixlist.List, error) {
	t.Helper()
	s, ok := prefixlist.Named(system)
	if !ok {
		t.Fatal("no system " + system)
	}
	if o.At.IsZero() {
		o.At = noon
	}
	return s.Read(files, o)
}

// judge is the policy of a list, beside a default that enables every territory where the
// list does not say what becomes of other numbers.
type judge struct {
	subject policy.Subject
	reader  address.Reader
}

// judgeOf compiles the policy of a list, for all accounts or for one.
func judgeOf(t testing.TB, list *prefixlist.List, id string) judge {
	t.Helper()
	document := list.Document(id, "messaging", noon)
	text, err := config.WriteYAML(&document)
	if err != nil {
		t.Fatal(err)
	}
	source, err := config.ParseFile("policy.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	sources := []config.Source{source}
	if document.Default == nil {
		sources = append(sources, config.Source{Document: config.Document{
			Default: &config.Default{Permissions: config.Permissions{Messaging: config.Territories{"*"}}},
		}})
	}
	compiled, err := config.Compile(configtest.AsWritten, sources...)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	snapshot, err := policy.New(compiled.Definition)
	if err != nil {
		t.Fatal(err)
	}
	return judge{
		snapshot.SubjectOf(policy.CarrierAccount{Carrier: "twilio", ID: account}),
		address.Reader{Plan: numbering.Default(), Dialect: &address.Dialect{}},
	}
}

// denies reports whether a message to a number is denied.
func (j *judge) denies(t testing.TB, number string, at time.Time) bool {
	t.Helper()
	reading := j.reader.Read(number, address.ForMessage)
	if reading.Meaning != address.Numbers {
		t.Fatalf("%s is not a number", number)
	}
	verdict := j.subject.Judge(&policy.Send{Channel: policy.Messaging, Destination: reading}, at)
	return verdict.Outcome == policy.Deny
}
