//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// settings of the gate that is run.
type settings struct {
	dir              string // of policy and admin socket
	gate, uploads    string // addresses of its two sites
	carrier, forward string
	grace            int // seconds; two configurations that differ in it are equivalent
}

// idleTimeout is how long a connection to the carrier stays idle. Caddy keeps those of a
// configuration that was replaced, if a request came to it late, for as long: by default
// for two minutes, in which a short run could not tell them from a leak.
const idleTimeout = 10 * time.Second

// forwarders are the ways to forward, by the directive: what stands in the Caddyfile, but
// in the clear and with bounds on the wait for an answer and on idle connections.
var forwarders = map[string]string{
	"reverse_proxy": `reverse_proxy {http.tollgate.upstream} {
			header_up Host {http.reverse_proxy.upstream.host}
			header_up -X-Forwarded-*
			header_up -Via
			transport http {
				compression off
				response_header_timeout %[1]s
				keepalive %[2]s
			}
		}`,
	"tollgate_forward": `tollgate_forward {
			response_header_timeout %[1]s
			keepalive %[2]s
		}`,
}

// The parts of the shipped Caddyfile that are other ones here.
var (
	shippedGlobal  = regexp.MustCompile(`(?s)\A(?:#[^\n]*\n)*\{\n`)
	shippedGrace   = regexp.MustCompile(`grace_period \w+`)
	shippedServers = regexp.MustCompile(`\tservers \{\n`)
	shippedPolicy  = regexp.MustCompile(`(?s)\ttollgate \{\n.*?\n\t\}\n`)
	shippedSite    = regexp.MustCompile(`(?s)\n:8080 \{\n.*?\n\}\n`)
	shippedProduct = regexp.MustCompile(`product api\n`)
	shippedForward = regexp.MustCompile(`(?s)\n\t\t(reverse_proxy|tollgate_forward)\b[^\n{]*(?:\{http\.tollgate\.upstream\})?(?: \{\n.*?\n\t\t\})?\n`)
)

// caddyfile is the shipped Caddyfile, with our addresses and a second site for uploads.
func (s *settings) caddyfile() (string, error) {
	shipped, err := os.ReadFile("Caddyfile")
	if err != nil {
		return "", fmt.Errorf("reading the shipped Caddyfile, for which soak is run at the top of the repository: %w", err)
	}
	text := string(shipped)
	for _, change := range []struct {
		part *regexp.Regexp
		by   string
	}{
		{shippedGlobal, fmt.Sprintf("{\n\tadmin unix/%s|0600\n\tpersist_config off\n", s.admin())},
		{shippedGrace, fmt.Sprintf("grace_period %ds", s.grace)},
		{shippedServers, "\tservers {\n\t\tprotocols h1 h2c\n"},
		{shippedPolicy, fmt.Sprintf("\ttollgate {\n\t\tpolicy %s\n\t}\n", s.policy())},
	} {
		if len(change.part.FindAllString(text, -1)) != 1 {
			return "", fmt.Errorf("changing the shipped Caddyfile: it has not exactly one %s", change.part)
		}
		text = change.part.ReplaceAllLiteralString(text, change.by)
	}
	site := shippedSite.FindString(text)
	api, err := s.site(site, s.gate, "api")
	if err != nil {
		return "", err
	}
	uploads, err := s.site(site, s.uploads, "mcs")
	if err != nil {
		return "", err
	}
	return strings.Replace(text, site, api+uploads, 1), nil
}

// site is the shipped site at another address, in front of our carrier.
func (s *settings) site(shipped, address, product string) (string, error) {
	forward := shippedForward.FindStringSubmatch(shipped)
	if forward == nil || !shippedProduct.MatchString(shipped) {
		return "", fmt.Errorf("changing the shipped Caddyfile: its site forwards nowhere, or names no product")
	}
	if s.forward != "" {
		forward[1] = s.forward
	}
	by, ok := forwarders[forward[1]]
	if !ok {
		return "", fmt.Errorf("unknown directive %q to forward by", forward[1])
	}
	s.forward = forward[1]
	text := strings.Replace(shipped, forward[0], "\n\t\t"+fmt.Sprintf(by, headerTimeout, idleTimeout)+"\n", 1)
	host, port, _ := strings.Cut(address, ":")
	text = strings.Replace(text, ":8080 {\n", fmt.Sprintf(":%s {\n\tbind %s\n", port, host), 1)
	// Each reload forgets which credentials the carrier accepts, so there are more checks
	// than the limits of a gate that is seldom reloaded allow.
	return shippedProduct.ReplaceAllLiteralString(text, fmt.Sprintf("product %s\n\t\t\tupstream %s\n"+
		"\t\t\tcredential_check {\n\t\t\t\tper_client 100000/1m\n\t\t\t\ttotal 100000/1m\n\t\t\t\ttimeout 1m\n\t\t\t}\n", product, s.carrier)), nil
}

func (s *settings) admin() string  { return filepath.Join(s.dir, "admin.sock") }
func (s *settings) policy() string { return filepath.Join(s.dir, "policy.yaml") }
