//go:build linux

package main

import (
	"bytes"
	"embed"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"text/template"
)

// testdata has the configurations of all servers, as templates of text/template.
//
//go:embed testdata/servers
var testdata embed.FS

// values are what the templates are filled in with.
type values struct {
	Dir, Port        string
	Upstream         string // as Caddy takes it
	UpstreamHostPort string
	Authorizer       string
	Certificate      string // of the upstream
	Log              string // file of the access log
	Policy           string // policy file of the gate
	Forward          string
	Modules          string // folder of nginx's
	Account          string
	Processors       int
	TLS, HTTP2       bool
	Headers          []header
	RefusalText      string
	RefusalQuoted    string // within single quotes
	RefusalEscaped   string // without placeholders, for respond
	MoreInfo         string
}

// valuesOf are those of a system in a scenario.
func valuesOf(s *system, c scenario, dir, address, upstream, certificate string) (values, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return values{}, err
	}
	v := values{
		Dir: dir, Port: port, Upstream: upstream, UpstreamHostPort: upstream, Certificate: certificate,
		Forward: s.forward, Modules: nginxModules, Account: account, Processors: runtime.NumCPU(), TLS: c.tls, HTTP2: c.http2,
		Headers: refusalHeaders(), RefusalText: refusalText, RefusalQuoted: strings.ReplaceAll(refusalText, "'", `\'`),
		RefusalEscaped: strings.NewReplacer("{", `\{`, "}", `\}`).Replace(refusalTo("+44770090XXXX")), MoreInfo: moreInfo,
	}
	if c.log {
		v.Log = filepath.Join(dir, "access.log")
	}
	if c.accounts > 0 {
		v.Policy = filepath.Join(dir, "policy.yaml")
		return v, os.WriteFile(v.Policy, policyFile(c.accounts, c.prefixes), 0o600)
	}
	return v, nil
}

// writeConfiguration writes a system's files into its folder and returns the name of the
// first.
func writeConfiguration(s *system, v values) (string, error) {
	for _, name := range append([]string{s.config}, s.files...) {
		text, err := configuration(name, v)
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(v.Dir, name), text, 0o600); err != nil {
			return "", err
		}
	}
	return filepath.Join(v.Dir, s.config), nil
}

// configuration fills one template in; what several have in common is there for all.
func configuration(name string, v values) ([]byte, error) {
	t, err := template.ParseFS(testdata, "testdata/servers/*.shared", "testdata/servers/"+name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	var text bytes.Buffer
	if err := t.ExecuteTemplate(&text, name, v); err != nil {
		return nil, fmt.Errorf("filling in %s: %w", name, err)
	}
	return text.Bytes(), nil
}

// policyFile has so many accounts, each with a set of its own, and so many prefix rules
// that concern no destination of the load.
func policyFile(accounts, prefixes int) []byte {
	sets := []string{"[US, CA]", "[US, CA, GB]", "[US, CA, DE, FR]", "[US, MX]"}
	var text bytes.Buffer
	text.WriteString("version: 1\n")
	if prefixes > 0 {
		text.WriteString("prefixes:\n")
	}
	for i := range prefixes {
		fmt.Fprintf(&text, "  - {block: \"+4479%06d\", reason: \"traffic pumping\"}\n", i)
	}
	fmt.Fprintf(&text, "accounts:\n  - id: %s\n    messaging: %s\n", account, sets[0])
	for i := range accounts - 1 {
		fmt.Fprintf(&text, "  - id: AC%032x\n    messaging: %s\n", i, sets[i%len(sets)])
	}
	return text.Bytes()
}
