package app

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
)

// readNotices reads the options of notices as a Caddyfile has them.
func readNotices(text string) (*Notices, error) {
	p := &policyParser{Dispenser: caddyfile.NewTestDispenser("tollgate {\n" + text + "\n}")}
	p.Next()
	err := directive.Block(p.Dispenser, []directive.Option{
		{Name: "incidents", Read: p.incidentsBlock}, {Name: "webhook", Repeats: true, Read: p.webhookBlock}, {Name: "email", Read: p.emailBlock},
	})
	return &p.notices, err
}

func TestWhoIsToldIsStatedInTheCaddyfile(t *testing.T) {
	t.Setenv("SECRET_ONE", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	t.Setenv("SHORT", "c2hvcnQ=")
	t.Setenv("SLACK", "https://hooks.slack.com/services/T0/B0/private")
	const from = "to oncall@example.com\nfrom gate@example.com\nserver smtp://mail.example\n"
	for _, c := range []struct{ text, problem, targets string }{
		{"", "", ""},
		{"webhook https://alerts.example/a {\nsecret {env.SECRET_ONE}\n}", "", "webhook alerts.example"},
		{"webhook https://alerts.example/a {\nformat standard\nsecret {env.SECRET_ONE} {env.SECRET_ONE}\nevents incident.closed\n}\nwebhook {env.SLACK} {\nformat slack\n}", "", "webhook alerts.example, slack hooks.slack.com"},
		{"email {\n" + from + "login {env.SLACK} {env.SHORT}\ntls mandatory\nevents incident.opened\n}", "", "email mail.example:587 to oncall@example.com"},
		{"email {\nto a@example.com b@example.com\nfrom \"Gate <gate@example.com>\"\nserver smtp://localhost:25\ntls none\n}", "", "email localhost:25 to a@example.com, email localhost:25 to b@example.com"},
		{"webhook", "needs one URL", ""},
		{"webhook https://alerts.example/a", "needs a secret", ""},
		{"webhook https://alerts.example/a {\nsecret MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n}", "do not write a secret", ""},
		{"webhook https://alerts.example/a {\nsecret {env.SHORT}\n}", "{env.SHORT}: a secret of a webhook is not base64", ""},
		{"webhook https://alerts.example/a {\nsecret {env.NONE_AT_ALL}\n}", "alerts.example", ""},
		{"webhook http://alerts.example/a {\nsecret {env.SECRET_ONE}\n}", "without TLS", ""},
		{"webhook https://alerts.example/a {\nformat slak\n}", `did you mean "slack"?`, ""},
		{"webhook https://alerts.example/a {\nformat slack\nsecret {env.SECRET_ONE}\n}", "leave secret out", ""},
		{"webhook https://alerts.example/a {\nsecret {env.SECRET_ONE}\nevents incident.close\n}", `did you mean "incident.closed"?`, ""},
		{"webhook https://alerts.example/a {\nsecret {env.SECRET_ONE}\nevents incident.closed incident.closed\n}", "already specified", ""},
		{"webhook {env.SLACK} {\nformat slack\n}\nwebhook {env.SLACK} {\nformat slack\n}", "slack hooks.slack.com is already specified", ""},
		{"webhook https://alerts.example/a {\nsecrets {env.SECRET_ONE}\n}", `did you mean "secret"?`, ""},
		{"email {\nfrom gate@example.com\nserver smtp://mail.example\n}", "goes to", ""},
		{"email {\nto oncall@example.com\nserver smtp://mail.example\n}", "it is from", ""},
		{"email {\nto oncall@example.com\nfrom gate@example.com\n}", "URL of a server", ""},
		{"email {\n" + from + "login gate secret\n}", "do not write a secret", ""},
		{"email {\n" + from + "login gate\n}", "login needs a user and a password", ""},
		{"email {\n" + from + "to oncall@example.com\n}", "oncall@example.com is already specified", ""},
		{"email {\n" + from + "tls none\n}", "without TLS", ""},
		{"email {\n" + from + "tls opportunistic\n}", "tls cannot be", ""},
		{"incidents {\nquiet 500ms\n}", "at least 1s", ""},
		{"incidents {\nquiet soon\n}", "at least 1s", ""},
		{"incidents quiet 15m", "argument", ""},
	} {
		n, err := readNotices(c.text)
		var targets []string
		if err == nil {
			// What JSON says is the same.
			text, _ := json.Marshal(n)
			again := new(Notices)
			if err := json.Unmarshal(text, again); err != nil || !reflect.DeepEqual(n, again) {
				t.Errorf("%s: as JSON, it is %s: %v", c.text, text, err)
			}
			provisioned, _, problem := n.provision()
			for _, target := range provisioned {
				targets = append(targets, target.Name)
			}
			err = problem
		}
		if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s\n%v", c.text, err)
		}
		if err != nil && strings.Contains(err.Error(), "private") {
			t.Errorf("the error has a secret: %v", err)
		}
		if got := strings.Join(targets, ", "); err == nil && got != c.targets {
			t.Errorf("%s\nhas the targets %s", c.text, got)
		}
	}
}

func TestAnIncidentIsQuietAfterAQuarterOfAnHourIfNothingIsStated(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 15 * time.Minute, "incidents {\n}": 15 * time.Minute, "incidents {\nquiet 1h\n}": time.Hour} {
		n, err := readNotices(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, quiet, err := n.provision(); err != nil || quiet != want {
			t.Errorf("%q: %v %v", text, quiet, err)
		}
	}
}
