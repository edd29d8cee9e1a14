package caddymodule_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// Whatever stands in the blocks of a Caddyfile, adapting it ends, with a
// configuration or an error that says where. And all mistakes show by then:
// what adapts and leaves nothing to be resolved also runs.
func FuzzCaddyfile(f *testing.F) {
	f.Add("observe\nnational strict\ndefault {\nmessaging US\nvoice none\n}", "product api\nunknown deny")
	f.Add("account "+acme+" {\nvoice high_risk_special US\n}", "mask hmac {env.HOME}\nupstream {env.HOME}")
	f.Fuzz(func(t *testing.T, policy, handler string) {
		if whole := policy + handler; strings.Contains(whole, "import") || strings.Contains(whole, "{file.") {
			t.Skip("reads files")
		}
		adapted, err := adapt("{\n\ttollgate {\n" + policy + "\n\t}\n}\n:8080 {\n\ttollgate twilio {\n" + handler + "\n\t}\n}\n")
		if err != nil {
			// Caddy's own errors do not all have a line; ours do.
			if strings.Contains(err.Error(), "'tollgate'") && !strings.Contains(err.Error(), "Caddyfile:") {
				t.Errorf("the error names no line: %v", err)
			}
			return
		}
		config := onlyOurs(t, adapted)
		err = validateJSON(config)
		switch {
		case err == nil:
		case !strings.Contains(policy+handler, "{"):
			t.Errorf("adapts, but does not run: %v\n%s", err, config)
		case !strings.Contains(err.Error(), ": "):
			t.Errorf("the error names nothing: %v", err)
		}
	})
}

// onlyOurs is a configuration of nothing but the policy and the handlers that
// judge by it, with none of what else a Caddyfile can do to the machine.
func onlyOurs(t *testing.T, adapted []byte) []byte {
	t.Helper()
	var config map[string]any
	if err := json.Unmarshal(adapted, &config); err != nil {
		t.Fatal(err)
	}
	handlers := []any{}
	for object := range objects(config) {
		if object["handler"] == "tollgate" {
			handlers = append(handlers, object)
		}
	}
	apps := config["apps"].(map[string]any)
	if apps["tollgate"] == nil {
		apps["tollgate"] = map[string]any{}
	}
	text, err := json.Marshal(map[string]any{
		"admin": map[string]any{"disabled": true},
		"apps": map[string]any{
			"tollgate": apps["tollgate"],
			"http": map[string]any{"servers": map[string]any{"srv0": map[string]any{
				"listen":          []string{"127.0.0.1:0"},
				"automatic_https": map[string]any{"disable": true},
				"routes":          []any{map[string]any{"handle": handlers}},
			}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}
