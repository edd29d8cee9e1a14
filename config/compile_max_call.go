package config

import (
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// maxCall reads how long calls may last, 0 where it is not stated.
func (c *compiler) maxCall(path, text string) time.Duration {
	if text == "" || c.opaque(text) {
		return 0
	}
	most, err := time.ParseDuration(text)
	if err != nil || most < policy.MinMaxCall || most > policy.MaxMaxCall || most%time.Second != 0 {
		c.problem(path, `%q is not how long a call may last: write whole seconds from 1m to 24h, such as "15m"`, c.shown(path, text))
		return 0
	}
	return most
}
