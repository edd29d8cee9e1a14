package config_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
)

func TestAPolicyFileIsWrittenAsPeopleWouldWriteIt(t *testing.T) {
	name := filepath.Join("testdata", "written.yaml")
	source, err := config.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	got, err := config.WriteYAML(&source.Document)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAPolicyFileThatStatesItsEndIsWritten(t *testing.T) {
	text, err := config.WriteYAMLWithEnd(&config.Document{Stored: "deny"})
	if err != nil {
		t.Fatal(err)
	}
	if want := "version: 1\nstored: deny\nend: true\n"; string(text) != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if source, err := config.ParseFile("policy.yaml", text); err != nil || !source.HasEnd {
		t.Errorf("reads back as %+v, %v", source, err)
	}
}

func TestTextsAreWrittenSoThatNoReaderOfYAMLTakesThemForSomethingElse(t *testing.T) {
	for _, text := range []string{
		"NO", "no", "y", "N", "on", "Off", "yes", "true", "FALSE", "null", "Null", "~", "012", "0x1F", "1e3", "1_000", ".5", ".inf", ".NaN",
		"2026-12-01", "18:00", "+870", "-", "- a", "a: b", "a #b", "#a", "[a]", "{a", "a, b", "*", "&a", "!a", "%a", "@a", "`a`", "|", ">", "?", "'a'",
		`"a"`, `\`, "<<", "=", " a", "a ", "a  b", "a\nb", "a\tb", "\u2028", "\u00a0", "\u0085", "\ufeff", "\x7f", "🦊", "a:",
	} {
		d := config.Document{Accounts: []config.Account{{Label: text}}}
		got, err := config.WriteYAML(&d)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if !strings.Contains(string(got), `label: "`) {
			t.Errorf("%q is written without quotes: %s", text, got)
		}
	}
}

func TestLinesAreBrokenWhereThereIsAPlace(t *testing.T) {
	for i := range uint64(500) {
		d := configtest.Document(rand.New(rand.NewPCG(5, i)))
		text, err := config.WriteYAML(&d)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			isText := strings.Contains(line, "label:") || strings.Contains(line, "reason:") || strings.Contains(line, "ticket:")
			if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > 100 && !isText {
				t.Errorf("document %d has a long line: %s", i, line)
			}
		}
	}
}

func TestWhatNoFileCanSayIsNotWritten(t *testing.T) {
	for want, d := range map[string]config.Document{
		"writing YAML: a text is not UTF-8":    {National: "\xff"},
		"default.voice: states nothing: write": {Default: &config.Default{Permissions: config.Permissions{Voice: &config.Voice{}}}},
	} {
		if _, err := config.WriteYAML(&d); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
