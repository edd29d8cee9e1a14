package caddymodule_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/numbering"
)

func TestTheAgeOfTheNumberingPlanIsAMetric(t *testing.T) {
	_, metrics, _ := startMetrics(t, "default {\n\tmessaging US\n}\n")
	sample := regexp.MustCompile(`(?m)^caddy_tollgate_numbering_age_seconds\{version="(.+)"\} (\S+)$`)
	found := sample.FindStringSubmatch(readMetrics(t, metrics))
	if found == nil {
		t.Fatal("there is none")
	}
	metadata := numbering.DefaultMetadata()
	if found[1] != metadata.Version {
		t.Errorf("it is of version %s, want %s", found[1], metadata.Version)
	}
	age, err := strconv.ParseFloat(found[2], 64)
	if err != nil || age < 0 {
		t.Fatalf("it is %s", found[2])
	}
	if want := time.Since(metadata.Released).Seconds(); age < want-60 || age > want+60 {
		t.Errorf("it is %f, want %f", age, want)
	}
}

// A file of numbering data that changes is in force without a reload of the configuration.
func TestNumberingDataAreRefreshedFromAFile(t *testing.T) {
	automaton, err := os.ReadFile("../numbering/automaton.bin")
	if err != nil {
		t.Fatal(err)
	}
	builtIn := numbering.DefaultMetadata().Version
	newer := bytes.Replace(automaton, []byte("\x06"+builtIn), []byte("\x069.0.99"), 1)
	file := filepath.Join(t.TempDir(), "numbering.data")
	write := func(content []byte) {
		t.Helper()
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write([]byte("not numbering data"))
	_, metrics, _ := startMetrics(t, "numbering "+file+"\ndefault {\n\tmessaging US\n}\n")
	if text := readMetrics(t, metrics); !strings.Contains(text, `numbering_age_seconds{version="`+builtIn+`"}`) ||
		!strings.Contains(text, "caddy_tollgate_numbering_file_ok 0") {
		t.Error("data that cannot be read are in force, or not reported")
	}
	write(numbering.DataFile(newer))
	harness.Await(t, "the newer data are in force", func() bool {
		text := readMetrics(t, metrics)
		return strings.Contains(text, `numbering_age_seconds{version="9.0.99"}`) && strings.Contains(text, "caddy_tollgate_numbering_file_ok 1")
	})
}
