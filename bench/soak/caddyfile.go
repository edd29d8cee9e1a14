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
	addresses        [sites]string
	carrier, forward string
	grace            int // seconds; two configurations that differ in it are equivalent
}

// site is one of those that the gate has.
type site int

const (
	siteAPI     site = iota
	siteUploads      // where nothing is held
	siteBroker       // where clients have keys of the gate's own
	sites
)

// siteOptions are what each has in the block of its gate. Each reload forgets which
// credentials the carrier accepts, so there are more checks than the limits of a gate that
// is seldom reloaded allow.
var siteOptions = [sites]string{
	siteAPI:     "\t\t\tproduct api\n" + manyChecks,
	siteUploads: "\t\t\tproduct mcs\n" + manyChecks,
	siteBroker:  "\t\t\tproduct api\n\t\t\tbroker\n",
}

const manyChecks = `			credential_check {
				per_client 100000/1m
				total 100000/1m
				timeout 1m
			}
`

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
	shippedForward = regexp.MustCompile(`(?s)\n\t+(reverse_proxy|tollgate_forward)\b[^\n{]*(?:\{http\.tollgate\.upstream\})?(?: \{\n.*?\n\t+\})?\n`)
)

// caddyfile is the shipped Caddyfile, with our addresses, and its site once for each of ours.
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
		{shippedPolicy, fmt.Sprintf("\ttollgate {\n\t\tpolicy %s\n\t\tbroker {\n\t\t\tkeys %s\n\t\t\tcredential %s %s {env.%s}\n\t\t}\n\t}\n",
			s.policy(), s.keys(), account, carrierUser, secretVariable)},
	} {
		if len(change.part.FindAllString(text, -1)) != 1 {
			return "", fmt.Errorf("changing the shipped Caddyfile: it has not exactly one %s", change.part)
		}
		text = change.part.ReplaceAllLiteralString(text, change.by)
	}
	site := shippedSite.FindString(text)
	ours := ""
	for i, address := range s.addresses {
		one, err := s.site(site, address, siteOptions[i])
		if err != nil {
			return "", err
		}
		ours += one
	}
	return strings.Replace(text, site, ours, 1), nil
}

// site is the shipped site at another address, in front of our carrier.
func (s *settings) site(shipped, address, options string) (string, error) {
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
	text := strings.Replace(shipped, forward[0], "\n\t"+fmt.Sprintf(by, headerTimeout, idleTimeout)+"\n", 1)
	host, port, _ := strings.Cut(address, ":")
	text = strings.Replace(text, ":8080 {\n", fmt.Sprintf(":%s {\n\tbind %s\n", port, host), 1)
	return shippedProduct.ReplaceAllLiteralString(text, fmt.Sprintf("upstream %s\n%s", s.carrier, options)), nil
}

func (s *settings) admin() string  { return filepath.Join(s.dir, "admin.sock") }
func (s *settings) policy() string { return filepath.Join(s.dir, "policy.yaml") }
func (s *settings) keys() string   { return filepath.Join(s.dir, "keys.json") }
