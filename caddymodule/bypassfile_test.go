package caddymodule_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// bypassCase is one request as a file of testdata/bypass states it, and what must
// become of it. The README there says how.
type bypassCase struct {
	name         string
	refused      bool
	status, code int
	request      string
}

var (
	bypassHead = regexp.MustCompile(`^=== (passes|refused (\d+) (\d+)): (.+)$`)
	credential = regexp.MustCompile(`Basic \{([^}]*)\}`)
	escape     = regexp.MustCompile(`\\(x[0-9a-f]{2}|r|n|\\)`)
)

// readBypass reads the cases of one file.
func readBypass(t *testing.T, file string) (cases []bypassCase) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split("\n"+string(text), "\n=== ")[1:] {
		first, rest, _ := strings.Cut(part, "\n")
		match := bypassHead.FindStringSubmatch("=== " + first)
		if match == nil {
			t.Fatalf("%s: cannot read %q", file, first)
		}
		c := bypassCase{name: match[4], refused: match[1] != "passes"}
		c.status, _ = strconv.Atoi(match[2])
		c.code, _ = strconv.Atoi(match[3])
		c.request = rawRequest(rest)
		cases = append(cases, c)
	}
	return cases
}

// rawRequest makes a request of what is written for people: the lines up to the
// first empty one are its head, all else its body.
func rawRequest(text string) string {
	head, body, _ := strings.Cut(text, "\n\n")
	body = strings.TrimSuffix(body, "\n") // the file's own
	for _, part := range []*string{&head, &body} {
		*part = strings.ReplaceAll(*part, "{acme}", acme)
		*part = credential.ReplaceAllStringFunc(*part, func(found string) string {
			userinfo := strings.ReplaceAll(credential.FindStringSubmatch(found)[1], "acme:", acme+":")
			return "Basic " + base64.StdEncoding.EncodeToString([]byte(userinfo))
		})
	}
	lines := strings.Split(head, "\n")
	for i := range lines {
		lines[i] = unescaped(lines[i])
	}
	body = unescaped(body)
	head = strings.Join(lines, "\r\n")
	return strings.ReplaceAll(head, "Content-Length: {}", fmt.Sprintf("Content-Length: %d", len(body))) + "\r\n\r\n" + body
}

func unescaped(text string) string {
	return escape.ReplaceAllStringFunc(text, func(found string) string {
		switch found[1] {
		case 'r':
			return "\r"
		case 'n':
			return "\n"
		case 'x':
			value, _ := strconv.ParseUint(found[2:], 16, 8)
			return string([]byte{byte(value)})
		}
		return `\`
	})
}

// bypassPolicy is what the requests of a file are judged by.
func bypassPolicy(file string) string {
	if filepath.Base(file) == "urls.txt" {
		return "url_hosts hooks.example *.apps.example\n" + acmePolicy
	}
	return acmePolicy
}

// A leaked key names +998 91 234 56 78, which acme may not reach, in every way
// that some reader might take for it, and none may get through. What stands
// beside each trick is an honest request, and must arrive unchanged.
func TestNoReadingOfADeniedDestinationPasses(t *testing.T) {
	files, err := filepath.Glob("testdata/bypass/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, file := range files {
		// What no table knows is judged here, and not just refused, as it would be.
		s := startExactGate(t, bypassPolicy(file), "unknown allow")
		names := make(map[string]bool)
		for _, c := range readBypass(t, file) {
			if names[c.name] {
				t.Errorf("%s has two cases %q", file, c.name)
			}
			names[c.name] = true
			total++
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+c.name, func(t *testing.T) {
				if c.refused {
					s.mustRefuse(t, c.request, c.status, c.code)
				} else {
					s.mustForward(t, c.request)
				}
			})
		}
	}
	if total < 200 {
		t.Errorf("only %d cases", total)
	}
}

// As gates are set up by default, all of that is refused too.
func TestNoReadingOfADeniedDestinationPassesAnOrdinaryGate(t *testing.T) {
	files, err := filepath.Glob("testdata/bypass/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		s := startExactGate(t, bypassPolicy(file), "")
		for _, c := range readBypass(t, file) {
			if c.refused {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+c.name, func(t *testing.T) { s.mustRefuse(t, c.request, 0, 0) })
			}
		}
	}
}
