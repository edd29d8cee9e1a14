//go:build unix

package console_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// The script is run as people run it, on ports that are free, and does not pause.
func TestOneCommandStartsAConsoleWithSomethingToLookAt(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("the script needs curl, which is not installed")
	}
	admin, said, end := start(t)
	link := ""
	for line := range said {
		if found := linkText.FindString(line); found != "" {
			link = found
		}
		if strings.HasPrefix(line, "The minute is over") {
			break
		}
	}

	t.Run("the link signs in, and the accounts are there", func(t *testing.T) {
		browser := signIn(t, link)
		at, _, _ := strings.Cut(link, "sign-in")
		page := body(t)(browser.Get(at + "accounts/"))
		for _, account := range []string{"Acme", "Acme Brazil", "Globex", "Initech"} {
			if !strings.Contains(page, account) {
				t.Errorf("the console does not show %s:\n%s", account, page)
			}
		}
	})
	t.Run("some sends were refused, and the attack was held", func(t *testing.T) {
		var report struct {
			Items []struct {
				Reason string
				Count  int
			}
		}
		for _, reason := range []string{"territory_not_enabled", "prefix_blocked", "limit_exceeded"} {
			harness.Await(t, "there are refusals for the reason "+reason, func() bool {
				read(t, admin, "/audit/report?by=reason", &report)
				for _, row := range report.Items {
					if row.Reason == reason && row.Count >= 10 {
						return true
					}
				}
				return false
			})
		}
		var holds struct{ Items []json.RawMessage }
		read(t, admin, "/holds", &holds)
		if len(holds.Items) == 0 {
			t.Error("nothing is held")
		}
	})
	t.Run("a second one says that the ports are in use", func(t *testing.T) {
		again := exec.Command("./start.sh")
		again.Env = append(os.Environ(), "TOLLGATE=false", "ADMIN="+admin)
		said, err := again.CombinedOutput()
		if err == nil || !strings.Contains(string(said), "answers on "+admin+" already") {
			t.Errorf("it ends with %v and says %s", err, said)
		}
	})
	end()
}

var linkText = regexp.MustCompile(`http://\S+/sign-in\?link=\S+`)

// start runs the script until end is called. It returns the address of the admin endpoint, and what
// the script says, line by line.
func start(t *testing.T) (admin string, said <-chan string, end func()) {
	t.Helper()
	text, err := os.ReadFile("Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	admin = harness.FreeAddress(t)
	gate, sandbox, console := harness.FreeAddress(t), harness.FreeAddress(t), harness.FreeAddress(t)
	ports := strings.NewReplacer("localhost:2019", admin, ":8080", ":"+harness.Port(gate), ":8081", ":"+harness.Port(sandbox), ":8082", ":"+harness.Port(console))
	caddyfile := filepath.Join(t.TempDir(), "Caddyfile")
	if err := os.WriteFile(caddyfile, []byte(ports.Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	script := exec.Command("./start.sh")
	script.Env = append(os.Environ(), "TOLLGATE="+harness.Build(t, "cmd/tollgate"), "CONFIG="+caddyfile,
		"ADMIN="+admin, "GATE="+gate, "PAUSE=0", "XDG_DATA_HOME="+t.TempDir())
	script.Stderr = os.Stderr
	output, err := script.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	// A group of its own, which is ended as Ctrl-C ends it.
	script.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := script.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(output); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	ended := false
	end = func() {
		if ended {
			return
		}
		ended = true
		_ = syscall.Kill(-script.Process.Pid, syscall.SIGINT)
		for range lines {
		}
		_ = script.Wait()
		if _, err := http.Get("http://" + admin + "/tollgate/v1/revision"); err == nil {
			t.Error("the gate still runs")
		}
	}
	t.Cleanup(end)
	return admin, lines, end
}

// signIn follows the link as a browser does, and returns that browser.
func signIn(t *testing.T, link string) *http.Client {
	t.Helper()
	jar, _ := cookiejar.New(nil) // never fails
	browser := &http.Client{Jar: jar}
	form := body(t)(browser.Get(link))
	fields := map[string][]string{}
	for _, field := range regexp.MustCompile(`name="(token|link)" value="([^"]+)"`).FindAllStringSubmatch(form, -1) {
		fields[field[1]] = []string{field[2]}
	}
	at, _, _ := strings.Cut(link, "?")
	body(t)(browser.PostForm(at, fields))
	return browser
}

// read asks the management API.
func read(t *testing.T, admin, path string, into any) {
	t.Helper()
	text := body(t)(http.Get("http://" + admin + "/tollgate/v1" + path))
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%s: %s", path, text)
	}
}

// body is that of an answer.
func body(t *testing.T) func(*http.Response, error) string {
	return func(response *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}
