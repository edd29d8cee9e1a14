package caddymodule_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// twimlCorpus returns the documents of the corpus of the reader of TwiML, as they
// stand in its files.
func twimlCorpus(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("../carrier/twilio/twiml/testdata/*/*.txt")
	if err != nil || len(names) < 5 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	var documents []string
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(content), "\n=== ")[1:] {
			_, rest, _ := strings.Cut(part, "\n")
			document, _, _ := strings.Cut(rest, "\n---\n")
			documents = append(documents, document)
		}
	}
	return documents
}
