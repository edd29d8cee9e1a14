package numbering

import (
	"strings"
	"testing"
)

// ofVersion is the automaton that is built in, with another version.
func ofVersion(version string) string {
	return strings.Replace(automatonFile, "\x06"+DefaultMetadata().Version, string(rune(len(version)))+version, 1)
}

// dataOf reads the data file of an automaton.
func dataOf(automaton string) (*Data, error) {
	return ReadDataFile(DataFile([]byte(automaton)))
}

func TestADataFileIsReadAsItWasWritten(t *testing.T) {
	data, err := dataOf(ofVersion("9.1.0"))
	if err != nil {
		t.Fatal(err)
	}
	if got := data.Metadata().Version; got != "9.1.0" {
		t.Errorf("it is of version %s", got)
	}
	if err := data.CheckSince(BuiltIn()); err != nil {
		t.Error("data with a newer version are refused:", err)
	}
	for territory, d := range Compare(BuiltIn(), data) {
		if !d.IsNone() {
			t.Errorf("%s: %+v", territory, d)
		}
	}
}

func TestADataFileThatIsNotWholeIsNotRead(t *testing.T) {
	whole := string(DataFile([]byte(automatonFile)))
	flipped := []byte(whole)
	flipped[len(flipped)/2] ^= 1
	tests := []struct{ name, file, want string }{
		{"nothing", "", "does not begin with"},
		{"an automaton without its hash", automatonFile, "does not begin with"},
		{"the first line alone", dataFormat, "cut short"},
		{"the last byte is missing", whole[:len(whole)-1], "SHA-256"},
		{"one bit is another", string(flipped), "SHA-256"},
		{"an automaton cut short", string(DataFile([]byte(automatonFile[:len(automatonFile)-1]))), "cut short"},
	}
	for _, test := range tests {
		if _, err := ReadDataFile([]byte(test.file)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want %q in it", test.name, err, test.want)
		}
	}
}

// An automaton of which every index is right can still be nonsense.
func TestDataFromWhichALookupComesToNonsenseAreNotRead(t *testing.T) {
	de, _ := ParseTerritory("DE")
	unassigned := ending{}
	german := Assignment{Territories: []Territory{de}, Kinds: Kinds(Mobile)}
	listed := german
	listed.Listed = true
	good := func() *automaton {
		return &automaton{
			nodes:   []node{{links: [10]uint16{4: 1}}, {links: [10]uint16{9: 2}, ending: 1}, {ending: 1}},
			endings: []ending{unassigned, {here: listed, beyond: german}},
		}
	}
	if err := good().check(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		spoil func(*automaton)
	}{
		{"digits lead in a circle", func(a *automaton) { a.nodes[2].links[1] = 1 }},
		{"digits lead further than any number is long", func(a *automaton) {
			for i := range uint16(E164Digits) {
				a.nodes[len(a.nodes)-1].links[1] = uint16(len(a.nodes))
				a.nodes = append(a.nodes, node{ending: 1 - i/E164Digits})
			}
		}},
		{"no digits are assigned", func(a *automaton) { a.nodes[0].ending = 1 }},
		{"an assignment without kinds", func(a *automaton) { a.endings[1].here.Kinds = 0 }},
		{"a listed number of two kinds", func(a *automaton) { a.endings[1].here.Kinds = Kinds(Mobile, Pager) }},
		{"a kind that does not exist", func(a *automaton) { a.endings[1].beyond.Kinds = 1 << kindCount }},
		{"numbers of any length are listed", func(a *automaton) { a.endings[1].beyond.Listed = true }},
	}
	for _, test := range tests {
		a := good()
		test.spoil(a)
		if a.check() == nil {
			t.Errorf("%s: it passes", test.name)
		}
	}
}

func TestDataThatAreWorseThanThoseBuiltInAreRefused(t *testing.T) {
	older, err := dataOf(ofVersion("9.0.9"))
	if err != nil {
		t.Fatal(err)
	}
	if err := older.CheckSince(BuiltIn()); err == nil || !strings.Contains(err.Error(), "older than") {
		t.Errorf("9.0.9: the error is %v", err)
	}
	unreadable, err := dataOf(ofVersion("9.0"))
	if err != nil {
		t.Fatal(err)
	}
	if err := unreadable.CheckSince(BuiltIn()); err == nil || !strings.Contains(err.Error(), "three numbers") {
		t.Errorf("9.0: the error is %v", err)
	}
	tests := []struct {
		name, want string
		// change changes the assignment of what was listed.
		change func(*Assignment)
	}{
		{"a territory has no numbers", "no number of NU", func(o *Assignment) {
			if o.Territories[0].String() == "NU" {
				*o = Assignment{Territories: o.Territories, Kinds: o.Kinds}
			}
		}},
		{"a territory's numbers are another's", "numbers of NU Niue", func(o *Assignment) {
			if niue, _ := ParseTerritory("NZ"); o.Territories[0].String() == "NU" {
				o.Territories = only(niue)
			}
		}},
		{"mobile numbers are pagers", "the average territory", func(o *Assignment) {
			if o.Kinds.Has(Mobile) {
				o.Kinds = Kinds(Pager)
			}
		}},
	}
	for _, test := range tests {
		changed := *defaultAutomaton()
		changed.endings = append([]ending(nil), changed.endings...)
		for i := range changed.endings {
			if o := &changed.endings[i].here; o.Listed {
				test.change(o)
			}
		}
		if err := (&Data{&changed}).CheckSince(BuiltIn()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want %q in it", test.name, err, test.want)
		}
	}
}

// FuzzReadDataFile holds that what is read can be asked anything.
func FuzzReadDataFile(f *testing.F) {
	f.Add([]byte(automatonFile)[:400], "4915112345678")
	f.Add([]byte(automatonFormat+"\x069.0.43\x0a2026-11-10\x00\x00\x00\x00\x00\x00\x00\x01\x00"), "1")
	f.Fuzz(func(t *testing.T, automaton []byte, digits string) {
		data, err := ReadDataFile(DataFile(automaton))
		if err != nil {
			return
		}
		assignment := data.Plan().Lookup(digits)
		if assignment.Assigned() == (assignment.Kinds == 0) {
			t.Errorf("%q is %s", digits, describe(assignment))
		}
		data.Plan().Provenance(digits)
		if data.CheckSince(BuiltIn()) == nil {
			t.Error("it passes for numbering data")
		}
	})
}
