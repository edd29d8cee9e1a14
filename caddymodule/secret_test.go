package caddymodule_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
)

// hush stands in every secret of these tests, and nowhere else.
const hush = "5ec4e7b2a9"

// mistaken are policies in which a placeholder names a file that holds something
// else than what belongs there.
func mistaken(placeholder string) map[string]string {
	account := func(members string) string {
		return "version: 1\naccounts:\n  - {id: " + acme + ", " + members + "}\n"
	}
	return map[string]string{
		"an account":        "version: 1\naccounts:\n  - {id: '" + placeholder + "', messaging: [US]}\n",
		"a parent":          account("parent: '" + placeholder + "'"),
		"a key":             account("keys: ['" + placeholder + "']"),
		"a credential":      account("credentials: ['" + placeholder + "']"),
		"part of a SID":     account("keys: ['SK" + placeholder + "']"),
		"a territory":       account("messaging: [US, '" + placeholder + "']"),
		"a sender":          account("senders: {'MG" + placeholder + "': {messaging: [US]}}"),
		"a sender's set":    account("senders: {'" + placeholder + "': {messaging: [UK]}}"),
		"one sender twice":  account("senders: {'" + placeholder + "': {}, ' " + placeholder + "': {}}"),
		"a verified number": account("home: US, trial: ['" + placeholder + "']"),
		"a prefix":          "version: 1\nprefixes: [{block: '" + placeholder + "', reason: x}]\n",
		"an end":            "version: 1\nprefixes: [{block: '+1', reason: x, until: '" + placeholder + "'}]\n",
		"a word":            "version: 1\nstored: '" + placeholder + "'\n",
		"two accounts":      "version: 1\naccounts: [{id: '" + placeholder + "'}, {id: '" + placeholder + "'}]\n",
	}
}

// requireHushed fails if a text shows the secret, or a part of it.
func requireHushed(t *testing.T, where, text string) {
	t.Helper()
	if i := strings.Index(strings.ToLower(text), hush); i >= 0 {
		t.Errorf("%s shows what the placeholder stands for: …%s…", where, text[max(0, i-200):min(len(text), i+40)])
	}
}

// A secret comes into a policy by mistake, where an account should stand or a key,
// and has to stay in its file all the same.
func TestNothingShowsWhatAPlaceholderStandsFor(t *testing.T) {
	autosave := caddy.ConfigAutosavePath
	caddy.ConfigAutosavePath = filepath.Join(t.TempDir(), "autosave.json")
	t.Cleanup(func() { caddy.ConfigAutosavePath = autosave })

	secret := filepath.Join(t.TempDir(), "token")
	write := func(text string) {
		if err := os.WriteFile(secret, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	placeholder := "{file." + secret + "}"
	s := startFileServer(t, policyFile("US"))
	persistent := strings.Replace(s.caddyfile, "\tpersist_config off\n", "", 1)
	load := func(caddyfile string) (status int, answer string) {
		text, err := adapt(caddyfile)
		if err != nil {
			return 0, err.Error()
		}
		requireHushed(t, "the adapted configuration", string(text))
		request, _ := http.NewRequest(http.MethodPost, "http://"+s.admin+"/load", bytes.NewReader(text))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Cache-Control", "must-revalidate") // what it names may have changed
		request.Close = true                                   // each configuration has an admin endpoint of its own
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(body)
	}

	refused := 0
	for name, policy := range mistaken(placeholder) {
		for _, text := range []string{hush + "0123456789abcdef0123456789", "SK" + hush + "0123456789abcdef012345", "eyJhbGciOiJub25lIn0." + hush + ".c2ln"} {
			write(text)
			s.write(t, policy)
			status, answer := s.ask(t, http.MethodPost, "/tollgate/policy/reload", "application/json", "")
			if status == http.StatusBadRequest {
				refused++
			}
			requireHushed(t, name+": the answer to a reload", answer)
			_, answer = s.ask(t, http.MethodGet, "/tollgate/policy", "", "")
			requireHushed(t, name+": the policy that is shown", answer)
			_, answer = load(persistent)
			requireHushed(t, name+": the answer to a new configuration", answer)
			if err := validate(s.caddyfile); err != nil {
				requireHushed(t, name+": validating", err.Error())
			}
		}
	}

	if refused < 30 { // some secrets have the form of a key, or of a sender
		t.Errorf("only %d are refused", refused)
	}

	// One without a mistake is in force, shown and saved as it was written.
	write(acme)
	s.write(t, strings.ReplaceAll(policyFile("US"), acme, "'"+placeholder+"'"))
	if status, answer := load(persistent); status != http.StatusOK {
		t.Fatalf("answered %d %s", status, answer)
	}
	if _, answer := s.ask(t, http.MethodGet, "/tollgate/policy", "", ""); !strings.Contains(answer, placeholder) || strings.Contains(answer, acme) {
		t.Errorf("the policy is shown as %s", answer)
	}
	if status := s.status(t, inUS); status != http.StatusCreated {
		t.Errorf("a message is answered %d", status)
	}
	saved, err := os.ReadFile(caddy.ConfigAutosavePath)
	if err != nil {
		t.Fatal(err)
	}
	requireHushed(t, "the configuration that is saved", string(saved))
	log, err := os.ReadFile(s.serverLog())
	if err != nil || !strings.Contains(string(log), "policy not loaded") {
		t.Fatalf("no failure is logged: %v", err)
	}
	requireHushed(t, "the log", string(log))
}

// What the handler's own placeholders stand for is not shown either.
func TestNoMistakeOfAHandlerShowsWhatAPlaceholderStandsFor(t *testing.T) {
	t.Setenv("TOLLGATE_TEST_HUSH", hush)
	for _, option := range []string{"account {env.TOLLGATE_TEST_HUSH}", "upstream {env.TOLLGATE_TEST_HUSH}", "rewrite_links {env.TOLLGATE_TEST_HUSH}"} {
		err := validate("{\nadmin off\nauto_https off\npersist_config off\ntollgate {\naccount " + acme + "\n}\n}\n:8080 {\ntollgate twilio {\n" + option + "\n}\n}\n")
		if err == nil || !strings.Contains(err.Error(), "{env.TOLLGATE_TEST_HUSH}") {
			t.Errorf("%s: error is %v, want one that names the placeholder", option, err)
			continue
		}
		requireHushed(t, option, err.Error())
	}
	err := validate("{\nadmin off\nauto_https off\npersist_config off\ntollgate {\npolicy {env.TOLLGATE_TEST_HUSH}\n}\n}\n")
	if err == nil || !strings.Contains(err.Error(), "{env.TOLLGATE_TEST_HUSH}") {
		t.Fatalf("error is %v, want one that names the placeholder", err)
	}
	requireHushed(t, "the policy file", err.Error())
}
