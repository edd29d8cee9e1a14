package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// policiesInParts are texts whose accounts are read in parts, or look as if they could be.
var policiesInParts = []struct {
	name, text string
	inParts    bool
}{
	{"elements that are indented", "version: 1\naccounts:\n  - id: a\n    at: {twilio: AC1}\n  - id: b\n", true},
	{"elements that are not indented", "version: 1\naccounts:\n- id: a\n- id: b\nend: true\n", true},
	{"members after the list", "version: 1\naccounts:\n  - id: a\n\n  - id: b\n\nobserve: true\nend: true\n", true},
	{"a comment above the list", "# All of them.\nversion: 1\naccounts:\n  - id: a\n  - id: b\n", true},
	{"texts of several lines", "version: 1\naccounts:\n  - id: a\n    label: |\n      - id: c\n\n  - id: >-\n      b\n  - label: 'x\n      y'\n", true},
	{"no end of the last line", "version: 1\naccounts:\n  - id: a\n  - id: b", true},
	{"the document marked", "---\nversion: 1\naccounts:\n  - id: a\n  - id: b\n", true},
	{"JSON", `{"version":1,"accounts":[{"id":"a","keys":["]","\""]},{"id":"b"}],"end":true}`, true},
	{"JSON in which another list is called so", `{"version":1,"default":{"accounts":[1]},"accounts":[{"id":"a"},{"id":"b"}]}`, false},
	{"an alias of another element", "version: 1\naccounts:\n  - id: a\n    keys: &k [x]\n  - id: b\n    keys: *k\n", false},
	{"an anchor of the list", "version: 1\naccounts: &a\n  - id: a\n", false},
	{"an alias of what the list has", "version: 1\nurl_hosts: &h [a.com]\naccounts:\n  - id: &h a\nnational: *h\n", false},
	{"an alias of an anchor that the list specifies again", "version: 1\nstored: &h allow\naccounts:\n  - id: a\n    stored: &h deny\nunscoped_service: *h\n", false},
	{"an ampersand in the list", "version: 1\naccounts:\n  - id: a\n    label: b & c\ndefault:\n  messaging: ['*']\n", true},
	{"a comment in the list", "version: 1\naccounts:\n  # the first\n  - id: a\n  - id: b # the last\n", false},
	{"a directive", "%TAG !! tag:example.com,2000:\n---\nversion: 1\naccounts:\n  - id: !!str a\n", false},
	{"a second document", "version: 1\naccounts:\n  - id: a\n---\nversion: 1\n", false},
	{"a text that looks like the list", "version: 1\nnational: \"x\n\naccounts:\n  - id: a\n\"\n", false},
	{"two lists", "version: 1\naccounts:\n  - id: a\naccounts:\n  - id: b\n", false},
	{"a text that goes on in the next element", "version: 1\naccounts:\n  - id: \"a\n  - id: b\"\n", false},
	{"brackets that go on in the next element", "version: 1\naccounts:\n  - keys: [a,\n  - id: b]\n", false},
	{"an element that is indented less", "version: 1\naccounts:\n  - id: a\n - id: b\n", false},
	{"values below the deepest level", "version: 1\naccounts:\n  - id: " + strings.Repeat("[", 30) + strings.Repeat("]", 30) + "\n", false},
	{"JSON with a comma too many", `{"version":1,"accounts":[{"id":"a"},]}`, false},
	{"JSON with two lists", `{"version":1,"accounts":[{"id":"a"}],"accounts":[{"id":"b"}]}`, false},
	{"a mistake", "version: 1\naccounts:\n  - id: a\n    wrong: b\n", false},
}

func TestAccountsReadInPartsAreThoseOfTheWholeFile(t *testing.T) {
	for _, c := range policiesInParts {
		t.Run(c.name, func(t *testing.T) {
			if got := sameInParts(t, []byte(c.text)); got != c.inParts {
				t.Errorf("read in parts: %v, want %v", got, c.inParts)
			}
		})
	}
}

// FuzzParts looks for files that say something else in parts.
func FuzzParts(f *testing.F) {
	for _, c := range policiesInParts {
		f.Add([]byte(c.text))
	}
	names, err := filepath.Glob(filepath.Join("testdata", "*", "*.*"))
	if err != nil || len(names) == 0 {
		f.Fatal("no files", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) { sameInParts(t, text) })
}

// sameInParts compares a file read with each element in a part of its own and as a whole. It
// reports whether it can be read in parts.
func sameInParts(t *testing.T, text []byte) bool {
	source, ok := parseInParts("policy.yaml", text, 1)
	if !ok {
		return false
	}
	whole, err := parseWhole("policy.yaml", text)
	if err != nil || source.HasEnd != whole.HasEnd || !reflect.DeepEqual(source.Document, whole.Document) {
		t.Errorf("%q\nin parts: %+v\nas a whole: %+v %v", text, source, whole, err)
	}
	return true
}

func TestALargeFileWithAMistakeNamesItWhereItIs(t *testing.T) {
	account := "  - id: a\n    label: " + strings.Repeat("x", 100) + "\n"
	text := "version: 1\naccounts:\n" + strings.Repeat(account, manyAccounts/len(account)) + "  - id: a\n    wrong: b\n"
	_, err := ParseFile("policy.yaml", []byte(text))
	_, want := parseWhole("policy.yaml", []byte(text))
	if err == nil || err.Error() != want.Error() {
		t.Errorf("got %v, want %v", err, want)
	}
}
