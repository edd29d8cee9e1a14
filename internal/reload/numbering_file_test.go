package reload_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// numberingData is a file of the data that are built in, as those of another version.
func numberingData(t *testing.T, version string) []byte {
	t.Helper()
	automaton, err := os.ReadFile("../../numbering/automaton.bin")
	if err != nil {
		t.Fatal(err)
	}
	builtIn := numbering.DefaultMetadata().Version
	return numbering.DataFile(bytes.Replace(automaton, []byte("\x06"+builtIn), []byte("\x06"+version), 1))
}

func writeFile(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// numberingLoader loads a policy with a file of numbering data.
func numberingLoader(t *testing.T, file, sum string) (*reload.Loader, *observer.ObservedLogs) {
	t.Helper()
	core, logs := observer.New(zap.InfoLevel)
	replace := func(text string) (string, error) { return text, nil }
	resolver := reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}
	l, err := reload.NewLoader(resolver, "", config.Document{}, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	if l.Numbering, err = resolver.NewNumberingFile(file, sum, zap.New(core)); err != nil {
		t.Fatal(err)
	}
	return l, logs
}

func load(t *testing.T, l *reload.Loader) (changed bool) {
	t.Helper()
	changed, err := l.Load()
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

func version(l *reload.Loader) string { return l.Current().Numbering.Metadata().Version }

func TestTheNumberingDataOfAFileAreInForce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "numbering.data")
	writeFile(t, file, numberingData(t, "9.0.98"))
	l, logs := numberingLoader(t, file, "")
	load(t, l)
	if version(l) != "9.0.98" || l.Numbering.Failure() != nil {
		t.Errorf("version %s is in force: %v", version(l), l.Numbering.Failure())
	}
	if source := l.Current().Plan.Provenance("4915112345678").Source; source != "libphonenumber 9.0.98" {
		t.Errorf("verdicts are by %s", source)
	}
	if load(t, l) {
		t.Error("the same data are a change")
	}
	writeFile(t, file, numberingData(t, "9.0.99"))
	if !load(t, l) || version(l) != "9.0.99" {
		t.Errorf("after a change, version %s is in force", version(l))
	}
	if n := logs.FilterMessage("numbering data loaded").Len(); n != 2 {
		t.Errorf("it is logged %d times", n)
	}
}

func TestNumberingDataThatAreRefusedLeaveThoseInForce(t *testing.T) {
	good := numberingData(t, "9.0.99")
	tests := []struct {
		name    string
		content []byte
		want    string
	}{
		{"they are older than those built in", numberingData(t, "9.0.00"), "older than"},
		{"they are cut short", good[:len(good)-1], "SHA-256"},
		{"they are something else", []byte("version: 1\n"), "does not begin with"},
	}
	for _, test := range tests {
		file := filepath.Join(t.TempDir(), "numbering.data")
		writeFile(t, file, test.content)
		l, logs := numberingLoader(t, file, "")
		load(t, l)
		if builtIn := numbering.DefaultMetadata().Version; version(l) != builtIn || l.Numbering.Failure() == nil {
			t.Errorf("%s, at the start: version %s is in force: %v", test.name, version(l), l.Numbering.Failure())
		}
		writeFile(t, file, good)
		load(t, l)
		if version(l) != "9.0.99" || l.Numbering.Failure() != nil {
			t.Errorf("%s, and then good: version %s is in force: %v", test.name, version(l), l.Numbering.Failure())
		}
		writeFile(t, file, test.content)
		for range 2 {
			load(t, l)
		}
		if err := l.Numbering.Failure(); version(l) != "9.0.99" || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s, after good ones: version %s is in force: %v", test.name, version(l), err)
		}
		if n := logs.FilterMessage("numbering data not loaded: the previous ones stay in force").Len(); n != 2 {
			t.Errorf("%s: it is logged %d times, want once for each time that it began", test.name, n)
		}
	}
}

func TestNumberingDataAreTakenOnlyWithTheHashThatTheConfigurationStates(t *testing.T) {
	file := filepath.Join(t.TempDir(), "numbering.data")
	content := numberingData(t, "9.0.99")
	writeFile(t, file, content)
	sum := sha256.Sum256(content)
	l, _ := numberingLoader(t, file, strings.ToUpper(hex.EncodeToString(sum[:])))
	load(t, l)
	if version(l) != "9.0.99" {
		t.Errorf("with its hash: %v", l.Numbering.Failure())
	}
	sum[0]++
	l, _ = numberingLoader(t, file, hex.EncodeToString(sum[:]))
	load(t, l)
	if err := l.Numbering.Failure(); version(l) == "9.0.99" || err == nil {
		t.Errorf("with another hash, version %s is in force: %v", version(l), err)
	}
	for _, wrong := range []string{"12", "xy"} {
		if _, err := (reload.Resolver{Replace: func(text string) (string, error) { return text, nil }}).NewNumberingFile(file, wrong, zap.NewNop()); err == nil {
			t.Errorf("the hash %q is accepted", wrong)
		}
	}
}
