package review_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	acme   = "AC11111111111111111111111111111111"
	brazil = "AC33333333333333333333333333333333"
	trial  = "AC44444444444444444444444444444444"
	other  = "AC99999999999999999999999999999999"
	key    = "SK22222222222222222222222222222222"
	client = "OQ22222222222222222222222222222222"

	service = "MG33333333333333333333333333333333"
)

var night = time.Date(2026, 11, 22, 3, 12, 0, 0, time.UTC)

// stated is the policy that a document in JSON states.
func stated(t testing.TB, revision, document string) review.Side {
	t.Helper()
	parsed, err := config.ParseJSON([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	reader := address.Reader{Plan: numbering.Default(), Dialect: twilio.Twilio{}.Dialect()}
	compiled, err := config.Compile(configtest.Carriers{Read: reader.ReadSender}, config.Source{Document: parsed})
	if err != nil {
		t.Fatal(err)
	}
	compiled.Definition.Revision = revision
	return compile(t, compiled)
}

func compile(t testing.TB, compiled config.Compiled) review.Side {
	t.Helper()
	accounts := compiled.Definition.Accounts
	for i := range accounts {
		if accounts[i].At == nil {
			accounts[i].At = []policy.CarrierAccount{at(accounts[i].ID)}
		}
	}
	snapshot, err := policy.New(compiled.Definition)
	if err != nil {
		t.Fatal(err)
	}
	plan := numbering.Extend(numbering.Default(), compiled.Ranges, numbering.DefaultTollFraud())
	return review.Side{Compiled: compiled, Snapshot: snapshot, Plan: plan}
}

// at is an account at Twilio.
func at(id string) policy.CarrierAccount { return policy.CarrierAccount{Carrier: "twilio", ID: id} }

// always returns the same gate for every carrier.
func always(g *gate.Gate) func(carrier string) *gate.Gate {
	return func(string) *gate.Gate { return g }
}

// gateOf is a gate in which a policy is in force.
func gateOf(p review.Side) *gate.Gate {
	rules := &gate.Rules{Snapshot: p.Snapshot, Plan: p.Plan}
	return &gate.Gate{
		Carrier: twilio.Twilio{},
		Rules:   func() *gate.Rules { return rules },
		Now:     func() time.Time { return night },
	}
}

// golden holds a text against the file of that name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	harness.Golden(t, filepath.Join("testdata", strings.ReplaceAll(name, " ", "_")+".golden"), got)
}

// text is what one of the writers writes.
func text(t *testing.T, write func(w io.Writer) error) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
