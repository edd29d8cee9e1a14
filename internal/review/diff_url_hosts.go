package review

import (
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/policy"
)

// urlHosts records which hosts the carrier may be led to for an account now and could not
// be, or the reverse, whether the account, its parent or the operator states them.
func (c *comparison) urlHosts(account policy.CarrierAccount) {
	before, after := hostsInForce(&c.before, account), hostsInForce(&c.after, account)
	wasAny, isAny := slices.Contains(before, policy.AnyURLHost), slices.Contains(after, policy.AnyURLHost)
	switch {
	case wasAny && isAny:
	case wasAny:
		c.add(account, Change{Direction: Closes, What: URLHosts, Text: "url_hosts: URLs lead to " + alone(after) + "; before, to any host"})
	case isAny:
		c.add(account, Change{Direction: Opens, What: URLHosts, Text: "url_hosts: URLs lead to any host; before, to " + alone(before)})
	default:
		if added := lessHosts(after, before); len(added) > 0 {
			c.add(account, Change{Direction: Opens, What: URLHosts, Text: "url_hosts: URLs lead to " + strings.Join(added, ", ") + " as well"})
		}
		if removed := lessHosts(before, after); len(removed) > 0 {
			c.add(account, Change{Direction: Closes, What: URLHosts, Text: "url_hosts: URLs no longer lead to " + strings.Join(removed, ", ")})
		}
	}
}

// hostsInForce are those for an account on one side; any host is one entry.
func hostsInForce(s *indexedSide, account policy.CarrierAccount) []string {
	hosts, stated := s.Snapshot.URLHosts(account)
	if !stated || slices.Contains(hosts, policy.AnyURLHost) {
		return []string{policy.AnyURLHost}
	}
	return hosts
}

// lessHosts is what one list has and another has not.
func lessHosts(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(host string) bool { return slices.Contains(other, host) })
}

func alone(hosts []string) string {
	if len(hosts) == 0 {
		return "no host"
	}
	return strings.Join(hosts, ", ") + " alone"
}
