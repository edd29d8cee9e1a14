package config

import (
	"fmt"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// hosts compiles a list of hosts, nil if it is not stated.
func (c *compiler) hosts(path string, list Hosts) []string {
	if list == nil {
		return nil
	}
	compiled := make([]string, 0, len(list))
	for i, text := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		if c.opaque(text) {
			continue
		}
		host, err := policy.ParseURLHost(text)
		switch {
		case strings.EqualFold(text, "none") && len(list) == 1:
			c.problem(at, `"none" is not a host: write [] for none`)
		case strings.EqualFold(text, "none"):
			c.problem(at, `"none" must be alone: write no host with it (in JSON, none is [])`)
		case text == "":
			c.problem(at, `a host is missing: write one such as "hooks.example.com"`)
		case err != nil:
			c.problem(at, "%q is not a host: %v", c.shown(at, text), err)
		default:
			compiled = append(compiled, host)
		}
	}
	return compiled
}
