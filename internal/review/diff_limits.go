package review

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/policy"
)

// limits records which limits hold for an account now and did not, or the reverse, whether the
// account, its parent or the operator states them. One that counts otherwise is another limit: it
// is compared by whether it denies and by its rate.
func (c *comparison) limits(account policy.CarrierAccount) {
	before, after := c.before.Snapshot.Limits(account), c.after.Snapshot.Limits(account)
	for i := range after {
		l := &after[i]
		was := limitNamed(before, l.Name)
		switch {
		case was == nil && !l.Monitor:
			c.add(account, Change{Direction: Closes, What: Limit, Text: "limit " + l.Name + ": " + l.Limit.String() + " and no more"})
		case was == nil, was.Monitor && l.Monitor, was.Limit.String() == l.Limit.String() && was.Monitor == l.Monitor:
		default:
			c.add(account, Change{Direction: direction(was, l), What: Limit, Text: "limit " + l.Name + ": " + inForce(l) + "; before, " + inForce(was)})
		}
	}
	for i := range before {
		if was := &before[i]; limitNamed(after, was.Name) == nil && !was.Monitor {
			c.add(account, Change{Direction: Opens, What: Limit, Text: "limit " + was.Name + " is gone, of " + was.Limit.String()})
		}
	}
}

// direction is whether a limit in place of another lets more through: it only records, or its
// amount within an hour is larger.
func direction(was, is *policy.StatedLimit) Direction {
	rate := func(l *policy.StatedLimit) float64 { return float64(l.Amount) / l.Window.Hours() }
	if is.Monitor || !was.Monitor && rate(is) > rate(was) {
		return Opens
	}
	return Closes
}

func inForce(l *policy.StatedLimit) string {
	if l.Monitor {
		return l.Limit.String() + ", only recorded"
	}
	return l.Limit.String()
}

func limitNamed(list []policy.StatedLimit, name string) *policy.StatedLimit {
	i := slices.IndexFunc(list, func(l policy.StatedLimit) bool { return l.Name == name })
	if i < 0 {
		return nil
	}
	return &list[i]
}
