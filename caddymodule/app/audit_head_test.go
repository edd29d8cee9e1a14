package app

import (
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
)

func TestWhereHeadsAreSignedToIsStatedInTheCaddyfile(t *testing.T) {
	for _, c := range []struct {
		text, problem string
		every         time.Duration
	}{
		{"head heads.txt", "", 10 * time.Minute},
		{"head heads.txt every 1s", "", time.Second},
		{"head heads.txt every 999ms", "at least 1s", 0},
		{"head heads.txt every", "head needs a file", 0},
		{"head heads.txt each 10m", "head needs a file", 0},
		{"head", "head needs a file", 0},
		{"head heads.txt every often", "at least 1s", 0},
	} {
		d := caddyfile.NewTestDispenser(c.text)
		d.Next()
		p := &policyParser{Dispenser: d, refusals: new(Audit)}
		err := p.head()
		if c.problem != "" {
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("%s: %v", c.text, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		use, err := p.refusals.Head.provision(nil)
		if err != nil || use.every != c.every || !strings.HasSuffix(use.file, "heads.txt") {
			t.Errorf("%s: %+v %v", c.text, use, err)
		}
	}
	if use, err := new(AuditHead).provision(nil); err == nil {
		t.Errorf("without a file: %+v", use)
	}
}
