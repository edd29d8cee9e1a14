package caddymodule_test

import (
	"regexp"
	"strconv"
	"testing"
	"time"

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
