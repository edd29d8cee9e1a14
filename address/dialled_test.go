package address

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What is an extension is also said by taking the words out of a text.
func TestAnExtensionIsWordsAndMarks(t *testing.T) {
	words := strings.NewReplacer("extension", ",", "extn", ",", "ext", ",", "x", ",", "isub", ",", "postd", ",", "w", ",", "p", ",")
	pieces := []string{"extension", "extn", "ext", "ex", "x", "isub", "postd", "post", "w", "p", "n", "d", "7", ";", "#", "=", " ", "+", "é"}
	r := rand.New(rand.NewPCG(1, 2))
	extensions := 0
	for range 100_000 {
		var text string
		for range r.IntN(6) {
			text += pieces[r.IntN(len(pieces))]
		}
		want := strings.Trim(words.Replace(text), "0123456789"+extensionMarks+separators+"=:") == ""
		if got := isExtension(text); got != want {
			t.Fatalf("%q is an extension: %v, want %v", text, got, want)
		}
		if want {
			extensions++
		}
	}
	if extensions < 10_000 {
		t.Errorf("%d of the texts are extensions: too few to say anything", extensions)
	}
}
