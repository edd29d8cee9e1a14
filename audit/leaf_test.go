package audit

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestALeafIsWrittenInOneFormForGood(t *testing.T) {
	r := record(3)
	text, personal, err := r.Seal(fixedKey())
	if err != nil {
		t.Fatal(err)
	}
	harness.Golden(t, "testdata/leaf.txt", string(text)+"\n"+string(personal)+"\n")
}

func TestARecordIsReadBackFromItsLeaf(t *testing.T) {
	full := record(3)
	bare := full
	bare.Actor.Address, bare.Reason, bare.Ticket, bare.Before, bare.After = "", "", "", nil, nil
	broken := full
	broken.Actor.Name, broken.Reason = "al\xffice", "wh\xffy"
	repaired := full
	repaired.Actor.Name, repaired.Reason = "al\uFFFDice", "wh\uFFFDy"
	for name, test := range map[string]struct {
		record, want Record
		deleted      bool
	}{
		"with its personal fields":              {full, full, false},
		"without them once they are deleted":    {full, bare, true},
		"where it has none":                     {bare, bare, false},
		"where its text is not UTF-8, repaired": {broken, repaired, false},
	} {
		t.Run(name, func(t *testing.T) {
			key := fixedKey()
			text, personal, err := test.record.Seal(key)
			if err != nil {
				t.Fatal(err)
			}
			if test.deleted {
				personal, key = nil, nil
			}
			got, err := ParseLeaf(text, personal, key)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(*got, test.want) {
				t.Errorf("it is read as\n%+v, not\n%+v", *got, test.want)
			}
		})
	}
}

func TestALeafInAnotherFormIsRefused(t *testing.T) {
	r := record(3)
	text, _, err := r.Seal(fixedKey())
	if err != nil {
		t.Fatal(err)
	}
	for name, replace := range map[string][2]string{
		"a space":                   {`{"index"`, `{ "index"`},
		"a member in capitals":      {`"index"`, `"Index"`},
		"a member that is repeated": {`"revision":2`, `"revision":2,"revision":2`},
		"a member that is unknown":  {`"revision":2`, `"revision":2,"x":1`},
		"a member that is absent":   {`"revision":2,`, ``},
		"another order of members":  {`"index":3,"revision":2`, `"revision":2,"index":3`},
		"an escape without need":    {`alice`, `\u0061lice`},
		"an index below zero":       {`"index":3`, `"index":-3`},
		"a time of another zone":    {`09:30:03.0000015Z`, `10:30:03.0000015+01:00`},
		"a time with zeros":         {`03.0000015Z`, `03.00000150Z`},
		"a short commitment":        {`"commitment":"`, `"commitment":"","x":"`},
		"capitals in a commitment":  {`"commitment":"`, `"commitment":"A`},
		"something after it":        {`"}`, `"}{}`},
	} {
		t.Run(name, func(t *testing.T) {
			altered := strings.Replace(string(text), replace[0], replace[1], 1)
			if altered == string(text) {
				t.Fatal("the row alters nothing")
			}
			if r, err := ParseLeaf([]byte(altered), nil, nil); err == nil {
				t.Errorf("%s is read as %v", altered, r)
			}
		})
	}
}

func TestPersonalFieldsAreThoseThatWereRecorded(t *testing.T) {
	r := record(3)
	text, personal, err := r.Seal(fixedKey())
	if err != nil {
		t.Fatal(err)
	}
	other := record(4)
	_, otherPersonal, err := other.Seal(fixedKey())
	if err != nil {
		t.Fatal(err)
	}
	good := Leaf{Text: text, Personal: personal, Key: fixedKey(), Time: time.Now()}
	if err := good.CheckCommitment(); err != nil {
		t.Errorf("those that were recorded: %v", err)
	}
	for name, leaf := range map[string]Leaf{
		"fields of another record":       {Text: text, Personal: otherPersonal, Key: fixedKey()},
		"fields with another reason":     {Text: text, Personal: []byte(strings.Replace(string(personal), "launch", "lunch", 1)), Key: fixedKey()},
		"the key of another account":     {Text: text, Personal: personal, Key: NewKey()},
		"no fields, though there is key": {Text: text, Key: fixedKey()},
	} {
		if err := leaf.CheckCommitment(); !errors.Is(err, ErrCommitment) {
			t.Errorf("%s: %v", name, err)
		}
	}
	short := Leaf{Text: text, Personal: personal, Key: fixedKey()[:31]}
	if short.CheckCommitment() == nil || (&Leaf{Text: text, Personal: personal}).CheckCommitment() == nil {
		t.Error("a key of another length is accepted")
	}
}

func TestEqualPersonalFieldsHaveDifferentCommitments(t *testing.T) {
	one, two := record(0), record(1)
	two.After = one.After
	first, personal, _ := one.Seal(fixedKey())
	second, same, _ := two.Seal(fixedKey())
	_, a, _ := parseLeaf(first)
	_, b, _ := parseLeaf(second)
	if string(personal) != string(same) || a == b {
		t.Errorf("the commitments are %s and %s", a, b)
	}
}

func FuzzParseLeaf(f *testing.F) {
	r := record(3)
	text, personal, _ := r.Seal(fixedKey())
	f.Add(text, personal)
	f.Add([]byte(`{}`), []byte(`{}`))
	f.Fuzz(func(t *testing.T, text, personal []byte) {
		r, committed, err := parseLeaf(text)
		if err != nil {
			return
		}
		again, err := r.leafText(committed)
		if err != nil || string(again) != string(text) {
			t.Errorf("%q is read, and is written as %q: %v", text, again, err)
		}
		if r, err := ParseLeaf(text, personal, fixedKey()); err == nil {
			_ = r.String()
		}
	})
}
