package audit

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"golang.org/x/mod/sumdb/note"
)

func TestAHeadIsWrittenInOneFormForGood(t *testing.T) {
	text := signed(t, logOf(t, 11).head(t))
	harness.Golden(t, "testdata/head.txt", string(text))
	_, verifier := keys(t)
	got, err := OpenHead(text, verifier)
	if want := logOf(t, 11).head(t); err != nil || got != want {
		t.Errorf("it is opened as %v, %v, not as %v", got, err, want)
	}
}

func TestAHeadThatTheLogDidNotSignIsRefused(t *testing.T) {
	signer, verifier := keys(t)
	text := string(signed(t, logOf(t, 11).head(t)))
	private, public, err := GenerateKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	otherSigner, _ := note.NewSigner(private)
	otherVerifier, _ := note.NewVerifier(public)
	by := func(signer note.Signer, text string) string {
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		if err != nil {
			t.Fatal(err)
		}
		return string(signed)
	}
	root := strings.Split(text, "\n")[2]
	for name, altered := range map[string]string{
		"by another key of the same name": by(otherSigner, origin+"\n11\n"+root+"\n"),
		"with another size":               strings.Replace(text, "\n11\n", "\n12\n", 1),
		"without a signature":             text[:strings.Index(text, "\n\n")+2],
		"of another log":                  by(signer, "other.example/audit\n11\n"+root+"\n"),
		"with an extension line":          by(signer, origin+"\n11\n"+root+"\nmore\n"),
		"with a size of two spellings":    by(signer, origin+"\n011\n"+root+"\n"),
		"with a size below zero":          by(signer, origin+"\n-1\n"+root+"\n"),
		"with a short root hash":          by(signer, origin+"\n11\nAAAA\n"),
		"with fewer lines":                by(signer, origin+"\n11\n"),
		"that is empty":                   "",
	} {
		if altered == text {
			t.Fatalf("%s: the row alters nothing", name)
		}
		if head, err := OpenHead([]byte(altered), verifier); err == nil {
			t.Errorf("a head %s is opened as %v", name, head)
		}
	}
	if _, err := OpenHead([]byte(text), otherVerifier); err == nil {
		t.Error("a head is opened by another key")
	}
	if _, err := OpenHead([]byte(text), otherVerifier, verifier); err != nil {
		t.Errorf("a head is not opened once the log has a second key: %v", err)
	}
	if _, _, err := GenerateKey("two words"); err == nil {
		t.Error("a name with a space is accepted")
	}
}

func TestEveryRecordIsProvedByEveryHeadAfterIt(t *testing.T) {
	m := logOf(t, 20)
	_, verifier := keys(t)
	for size := int64(1); size <= m.size; size++ {
		head := logOf(t, size).head(t)
		for index := range size {
			proof, err := Prove(t.Context(), m, index, signed(t, head), verifier)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(proof)
			if err != nil {
				t.Fatal(err)
			}
			r, by, err := CheckProof(text, verifier)
			if err != nil || r.Index != index || by != head || r.Reason == "" {
				t.Fatalf("record %d of %d: %v %v %v", index, size, r, by, err)
			}
		}
		if _, err := Prove(t.Context(), m, size, signed(t, head), verifier); err == nil {
			t.Fatalf("record %d is proved by a head of %d", size, size)
		}
	}
}

func TestAProofIsWrittenInOneFormForGoodAndSaysTheRecord(t *testing.T) {
	m := logOf(t, 11)
	_, verifier := keys(t)
	proof, err := Prove(t.Context(), m, 3, signed(t, m.head(t)), verifier)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(proof, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	harness.Golden(t, "testdata/proof.json", string(text)+"\n")
	r, _, err := CheckProof(text, verifier)
	if err != nil {
		t.Fatal(err)
	}
	harness.Golden(t, "testdata/proof.txt", r.String()+"\n")
}

func TestAProofOfARecordWithoutPersonalFieldsStillChecks(t *testing.T) {
	m := logOf(t, 11)
	m.leaves[3].Personal, m.leaves[3].Key = nil, nil
	_, verifier := keys(t)
	proof, err := Prove(t.Context(), m, 3, signed(t, m.head(t)), verifier)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(proof)
	r, _, err := CheckProof(text, verifier)
	if err != nil || r.Reason != "" || r.Action != "account.put" {
		t.Errorf("%v %v", r, err)
	}
}

func TestAProofOfATamperedLogIsNotMade(t *testing.T) {
	_, verifier := keys(t)
	head := signed(t, logOf(t, 11).head(t))
	m := logOf(t, 11)
	m.reseal(t, 3, rename)
	if proof, err := Prove(t.Context(), m, 3, head, verifier); err == nil {
		t.Errorf("an altered record is proved: %v", proof)
	}
	m.leaves = m.leaves[:3]
	if proof, err := Prove(t.Context(), m, 3, head, verifier); err == nil {
		t.Errorf("a missing record is proved: %v", proof)
	}
}

func TestAForgedProofIsRefused(t *testing.T) {
	m := logOf(t, 11)
	_, verifier := keys(t)
	good, err := Prove(t.Context(), m, 3, signed(t, m.head(t)), verifier)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Prove(t.Context(), m, 4, signed(t, m.head(t)), verifier)
	if err != nil {
		t.Fatal(err)
	}
	for name, forge := range map[string]func(p *Proof){
		"another leaf":                    func(p *Proof) { p.Leaf = other.Leaf },
		"an altered leaf":                 func(p *Proof) { p.Leaf = strings.Replace(p.Leaf, "alice", "mallory", 1) },
		"the path of another record":      func(p *Proof) { p.Path = other.Path },
		"a shorter path":                  func(p *Proof) { p.Path = p.Path[1:] },
		"a hash that is not one":          func(p *Proof) { p.Path = append([]string{"x"}, p.Path[1:]...) },
		"the head of another log":         func(p *Proof) { p.Head = string(signed(t, logOf(t, 10).head(t))) },
		"a head of fewer records":         func(p *Proof) { p.Head = string(signed(t, logOf(t, 3).head(t))) },
		"personal fields of another":      func(p *Proof) { p.Personal = other.Personal },
		"personal fields that are empty":  func(p *Proof) { p.Personal = "" },
		"personal fields without the key": func(p *Proof) { p.Key = "" },
	} {
		forged := *good
		forge(&forged)
		text, _ := json.Marshal(forged)
		if r, _, err := CheckProof(text, verifier); err == nil {
			t.Errorf("a proof with %s is accepted: %v", name, r)
		}
	}
	text, _ := json.Marshal(good)
	if _, _, err := CheckProof(append(text, "{}"...), verifier); err == nil {
		t.Error("a proof with something after it is accepted")
	}
}

func FuzzOpenHead(f *testing.F) {
	_, verifier := keys(f)
	f.Add(string(signed(f, logOf(f, 11).head(f))))
	f.Add(origin + "\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
	f.Fuzz(func(t *testing.T, text string) {
		if head, err := OpenHead([]byte(text), verifier); err == nil && !strings.HasPrefix(text, headText(head)) {
			t.Errorf("%q is opened as %v", text, head)
		}
		if head, err := parseHead(text); err == nil && headText(head) != text {
			t.Errorf("%q is read as %v", text, head)
		}
	})
}

func FuzzCheckProof(f *testing.F) {
	m := logOf(f, 11)
	_, verifier := keys(f)
	for index := range int64(3) {
		proof, err := Prove(f.Context(), m, index, signed(f, m.head(f)), verifier)
		if err != nil {
			f.Fatal(err)
		}
		text, _ := json.Marshal(proof)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, head, err := CheckProof(text, verifier)
		if err != nil {
			return
		}
		want := record(r.Index)
		if head != m.head(t) || r.Action != want.Action || r.Actor.Name != want.Actor.Name {
			t.Errorf("a forged proof is accepted: %v", r)
		}
	})
}
