package audit

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func TestAKeyIsMadeOnceAndForItsOwnerAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "head.key")
	made, err := OpenSigningKey(file, "gate.example/audit")
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenSigningKey(file, "other.example/audit")
	if err != nil || again.Public != made.Public || again.Verifier.Name() != "gate.example/audit" {
		t.Errorf("it is another the second time: %v %v", again, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if others, _ := os.ReadDir(filepath.Dir(file)); len(others) != 1 {
		t.Errorf("beside it there are %v", others)
	}
	if err := os.WriteFile(file, []byte("PRIVATE+KEY+x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if key, err := OpenSigningKey(file, "gate.example/audit"); err == nil {
		t.Errorf("a damaged key is opened: %v", key)
	}
}

// signingKey makes a key in a folder of its own.
func signingKey(t *testing.T) *SigningKey {
	t.Helper()
	key, err := OpenSigningKey(filepath.Join(t.TempDir(), "key"), origin)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestHeadsAreAppendedWhereTheLogHasGrown(t *testing.T) {
	file, key := filepath.Join(t.TempDir(), "new", "heads"), signingKey(t)
	for _, size := range []int64{3, 3, 7, 20} {
		if err := AppendHead(t.Context(), file, logOf(t, size), key); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	heads, err := ReadHeads(text, key.Verifier)
	if err != nil || len(heads) != 3 || heads[1] != logOf(t, 7).head(t) {
		t.Fatalf("%v %v", heads, err)
	}
	report, err := Verify(t.Context(), logOf(t, 25), heads...)
	if err != nil || report.Wrong != nil {
		t.Errorf("%v %v", report, err)
	}

	truncated, altered := logOf(t, 19), logOf(t, 30)
	altered.reseal(t, 5, rename)
	altered.rewrite(t)
	for name, log := range map[string]*memoryLog{"truncated": truncated, "altered": altered} {
		if err := AppendHead(t.Context(), file, log, key); !errors.Is(err, ErrAltered) {
			t.Errorf("a log that was %s is signed: %v", name, err)
		}
	}
	if after, _ := os.ReadFile(file); !bytes.Equal(text, after) {
		t.Errorf("the file is now\n%s", after)
	}
}

func TestAHeadThatACrashCutDoesNotSpoilTheNext(t *testing.T) {
	file, key := filepath.Join(t.TempDir(), "heads"), signingKey(t)
	if err := os.WriteFile(file, []byte(origin+"\n1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := AppendHead(t.Context(), file, logOf(t, 3), key); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(file)
	if _, err := ReadHeads(text, key.Verifier); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("what is left of it is not named: %v", err)
	}
	_, rest, _ := bytes.Cut(text, []byte("\n1\n"))
	if heads, err := ReadHeads(rest, key.Verifier); err != nil || len(heads) != 1 {
		t.Errorf("%v %v", heads, err)
	}
}

func TestHeadsAreReadWithTheKeysOfTheirGates(t *testing.T) {
	one, other := signingKey(t), signingKey(t)
	var text []byte
	for i, signer := range []note.Signer{one.Signer, other.Signer} {
		signed, _, err := SignLog(t.Context(), logOf(t, int64(i+1)), signer)
		if err != nil {
			t.Fatal(err)
		}
		text = append(append(text, signed...), '\n')
	}
	if heads, err := ReadHeads(text, other.Verifier, one.Verifier); err != nil || len(heads) != 2 {
		t.Errorf("%v %v", heads, err)
	}
	if _, err := ReadHeads(text, one.Verifier); err == nil || !strings.Contains(err.Error(), "line 7") {
		t.Errorf("a head by an unknown key: %v", err)
	}
	if _, err := ReadHeads(text[:len(text)-100], one.Verifier, other.Verifier); err == nil {
		t.Error("a head that is cut off is read")
	}
}
