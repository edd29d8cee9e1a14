package caddymodule_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// wholeCaddyfile is a block of a page that has a gate and a proxy.
var wholeCaddyfile = regexp.MustCompile("(?ms)^( *)```\n(\\s*\\{\n\\s*tollgate \\{.*?)^ *```")

// portOfASite is where a Caddyfile says what to listen on.
var portOfASite = regexp.MustCompile(`(?m)^(\{\$GATE_HOSTS:localhost\}, )?:\d+ \{`)

// Whatever Caddyfile people copy from here starts: only that shows that its servers
// hold nothing that they must not.
func TestCaddyfilesThatAreShippedOrDocumentedStart(t *testing.T) {
	t.Setenv("TWILIO_ACCOUNT_SID", acme)
	t.Setenv("TWILIO_AUTH_TOKEN", carrierSecret)
	secret := filepath.Join(t.TempDir(), "twilio")
	if err := os.WriteFile(secret, []byte(carrierSecret), 0o600); err != nil {
		t.Fatal(err)
	}
	texts := maps.Clone(shippedCaddyfiles(t))
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range wholeCaddyfile.FindAllStringSubmatch(string(text), -1) {
			if block := strings.ReplaceAll("\n"+match[2], "\n"+match[1], "\n"); strings.Contains(block, "reverse_proxy {http.tollgate") || strings.Contains(block, "tollgate_forward") {
				texts["examples/broker/"+filepath.Base(page)] = strings.TrimPrefix(block, "\n") // beside its key file
				documented++
			}
		}
	}
	if documented < 2 {
		t.Errorf("only %d Caddyfiles on pages", documented)
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			text = portOfASite.ReplaceAllStringFunc(text, func(string) string { return "http://" + port(harness.FreeAddress(t)) + " {" })
			text = strings.NewReplacer("\tadmin off\n", "", "\tadmin localhost:2019\n", "", "\tadmin unix//run/tollgate/admin.sock|0600\n", "", "\tshutdown_delay 5s\n", "", "\tgrace_period 30s\n", "", "\tauto_https off\n", "", "\tauto_https disable_redirects\n", "", "\ttls internal\n", "",
				"{file./run/secrets/twilio}", "{file."+secret+"}").Replace(text)
			text = strings.Replace(text, "{\n", "{\n\tadmin off\n\tauto_https off\n\tpersist_config off\n\tgrace_period 1s\n", 1)
			adapted, err := adaptAs(filepath.Join(root, name), text)
			if err != nil {
				t.Fatalf("adapting: %v\n%s", err, text)
			}
			err = caddy.Load(adapted, true)
			t.Cleanup(func() { _ = caddy.Stop() })
			if err != nil {
				t.Errorf("does not start: %v", err)
			}
		})
	}
}
