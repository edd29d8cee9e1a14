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
//	limit <name> [messaging|voice|verify] <amount>/<window> [of sends|numbers] per <dimension...> [monitor|deny]
//	limit <name> [voice] <amount> of calls per <dimension...> [monitor|deny]
//	limit default [monitor|deny]
func (p *policyParser) limit(path string, list *[]config.Limit) func() error {
	return func() error {
		p.note(fmt.Sprintf("%s[%d]", path, len(*list)))
		arguments := p.RemainingArgs()
		if len(arguments) > 0 && len(arguments) < 3 && arguments[0] == config.DefaultLimits {
			*list = append(*list, config.Limit{Name: arguments[0], Action: strings.Join(arguments[1:], "")})
			return nil
		}
		per := slices.Index(arguments, "per")
		if per < 2 {
			return p.Err(`limit needs a name, an amount and dimensions: write, for example, "limit burst 100/1m per account"`)
		}
		l := config.Limit{Name: arguments[0]}
		before, dimensions := arguments[1:per], arguments[per+1:]
		if len(before) > 0 && !strings.Contains(before[0], "/") && !(len(before) > 1 && before[1] == "of") {
			l.Channel, before = before[0], before[1:]
		}
		switch {
		case len(before) == 0:
			return p.Errf(`limit %s needs an amount and a window before "per": write, for example, "25/1h"`, l.Name)
		case len(before) == 3 && before[1] == "of":
			l.Of = before[2]
		case len(before) != 1:
			return p.Errf(`unexpected %q in limit %s: before "per" are a channel, an amount, and "of" with what is counted`, strings.Join(before, " "), l.Name)
		}
		l.Amount = before[0]
		if last := len(dimensions) - 1; last >= 0 && slices.Contains([]string{policy.Monitored.String(), policy.Denied.String()}, dimensions[last]) {
			l.Action, dimensions = dimensions[last], dimensions[:last]
		}
		if len(dimensions) == 0 {
			return p.Errf(`limit %s needs dimensions after "per": some of %s`, l.Name, strings.Join(policy.DimensionNames, ", "))
		}
		l.Per = dimensions
		*list = append(*list, l)
		return nil
	}
}
