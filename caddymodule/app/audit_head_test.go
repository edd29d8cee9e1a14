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
		{"head heads.txt every 1s {\n post https://auditor.example/heads secret c2VjcmV0\n}", "", time.Second},
		{"head heads.txt {\n post https://auditor.example/heads\n}", "", 10 * time.Minute},
		{"head heads.txt {\n bucket https://s3.example/heads/gate-1 {\n access_key id secret\n region eu-central-1\n retain 365d\n}\n}", "", 10 * time.Minute},
		{"head heads.txt {\n bucket https://s3.example/heads\n}", "", 10 * time.Minute},
		{"head heads.txt {\n bucket\n}", "argument", 0},
		{"head heads.txt {\n bucket https://s3.example/heads {\n access_key id\n}\n}", "access_key needs an ID and a secret", 0},
		{"head heads.txt {\n post\n}", "post needs a URL", 0},
		{"head heads.txt {\n post https://auditor.example/heads key c2VjcmV0\n}", "post needs a URL", 0},
		{"head heads.txt {\n put https://auditor.example/heads\n}", "unknown option", 0},
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
	for name, h := range map[string]AuditHead{
		"without a file or a server":      {},
		"with a server that is not a URL": {Post: &HeadPost{URL: "auditor.example/heads"}},
		"with a bucket without a name":    {Bucket: &HeadBucket{URL: "https://s3.example/"}},
		"with a bucket that is not a URL": {Bucket: &HeadBucket{URL: "s3://heads"}},
		"with half of an access key":      {Bucket: &HeadBucket{URL: "https://s3.example/heads", AccessKeyID: "id"}},
		"with heads retained for no time": {Bucket: &HeadBucket{URL: "https://s3.example/heads", Retain: "0s"}},
		"with a secret that is not one":   {Post: &HeadPost{URL: "https://auditor.example", Secret: "not base64!"}},
	} {
		if use, err := h.provision(nil); err == nil {
			t.Errorf("%s: %+v", name, use)
		}
	}
}
