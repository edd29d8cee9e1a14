package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// limit parses a limit of how much is sent:
//
//	limit <name> [messaging|voice|verify] [adaptive] <amount>/<window> [of sends|numbers|unverified|spend]
//		per <dimension...> [zone <zone>] [warn <amount>] [monitor|deny [for <duration>]]
//	limit <name> [messaging|voice|verify] <amount>/<window> [of sends|numbers|unverified|spend]
//		per <dimension...> [zone <zone>] notify [at <percent...>]
//	limit <name> [voice] <amount> of calls per <dimension...> [monitor|deny]
//	limit <name> [messaging|voice|verify] hours <from>-<to> destination|<zone> [monitor|deny]
//	limit default [monitor|deny [for <duration>]]
func (p *policyParser) limit(path string, list *[]config.Limit) func() error {
	return func() error {
		p.note(fmt.Sprintf("%s[%d]", path, len(*list)))
		arguments := p.RemainingArgs()
		if l, ok := defaultLimits(arguments); ok {
			*list = append(*list, l)
			return nil
		}
		if hours := slices.Index(arguments, "hours"); hours == 1 || hours == 2 {
			return p.hours(arguments, hours, list)
		}
		per := slices.Index(arguments, "per")
		if per < 2 {
			return p.Err(`limit needs a name, an amount and dimensions: write, for example, "limit burst 100/1m per account"`)
		}
		l := config.Limit{Name: arguments[0]}
		before, dimensions := arguments[1:per], arguments[per+1:]
		if len(before) > 0 && before[0] != "adaptive" && !strings.Contains(before[0], "/") && !(len(before) > 1 && before[1] == "of") {
			l.Channel, before = before[0], before[1:]
		}
		if len(before) > 0 && before[0] == "adaptive" {
			l.Adaptive, before = true, before[1:]
		}
		switch {
		case len(before) == 0:
			return p.Errf(`limit %s needs an amount and a window before "per": write, for example, "25/1h"`, l.Name)
		case len(before) == 3 && before[1] == "of":
			l.Of = before[2]
		case len(before) != 1:
			return p.Errf(`unexpected %q in limit %s: before "per" are a channel, "adaptive", an amount, and "of" with what is counted`, strings.Join(before, " "), l.Name)
		}
		l.Amount = before[0]
		if i := slices.IndexFunc(dimensions, isAfterDimensions); i >= 0 {
			if !then(&l, dimensions[i:]) {
				return p.Errf(`unexpected %q in limit %s: after the dimensions are "warn" with an amount, and "monitor", or "deny" and for how long: "deny for 15m"; or "notify" and from how much on: "notify at 80%% 100%%"`, strings.Join(dimensions[i:], " "), l.Name)
			}
			dimensions = dimensions[:i]
		}
		if zone := slices.Index(dimensions, "zone"); zone >= 0 {
			if zone+1 == len(dimensions) {
				return p.Errf(`limit %s needs a time zone after "zone", such as Europe/Berlin`, l.Name)
			}
			l.Zone = dimensions[zone+1]
			dimensions = slices.Delete(dimensions, zone, zone+2)
		}
		if len(dimensions) == 0 {
			return p.Errf(`limit %s needs dimensions after "per": some of %s`, l.Name, strings.Join(policy.DimensionNames, ", "))
		}
		l.Per = dimensions
		*list = append(*list, l)
		return nil
	}
}

// hours parses a limit of the hours at which something may be sent, of which the word "hours" is at
// a place.
func (p *policyParser) hours(arguments []string, place int, list *[]config.Limit) error {
	l := config.Limit{Name: arguments[0], Channel: strings.Join(arguments[1:place], "")}
	switch after := arguments[place+1:]; len(after) {
	case 3:
		l.Action = after[2]
		fallthrough
	case 2:
		l.Hours, l.Zone = after[0], after[1]
	default:
		return p.Errf(`limit %s needs the hours, and whose: write, for example, "hours 08:00-21:00 destination"`, l.Name)
	}
	*list = append(*list, l)
	return nil
}
