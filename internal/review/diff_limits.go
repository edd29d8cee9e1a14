package review

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/policy"
)

// limits records which limits hold for an account now and did not, or the reverse, whether the
// account, its parent or the operator states them.
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

// direction is whether a limit in place of another lets something more through: it only records,
// or is not as strict in each of its parts.
func direction(was, is *policy.StatedLimit) Direction {
	if was.Monitor || !is.Monitor && isAsStrict(is, was) {
		return Closes
	}
	return Opens
}

// isAsStrict reports whether nothing that one limit refuses gets past another in its place.
func isAsStrict(is, was *policy.StatedLimit) bool {
	perAccount := slices.Contains(was.Per, policy.Dimension{By: policy.ByAccount})
	return (is.Kind == was.Kind || is.Kind == policy.AnySend) &&
		(is.Of == was.Of || is.Of == policy.Sends) &&
		(is.Level == was.Level || is.Level == "operator" || perAccount) &&
		!slices.ContainsFunc(is.Per, func(d policy.Dimension) bool { return !isKnownBy(d, was.Per) }) &&
		isWithin(is, was)
}

// isWithin reports whether the windows of one limit that the other's window can touch have no
// more together than that has.
func isWithin(is, was *policy.StatedLimit) bool {
	if is.Of == policy.InProgress || was.Of == policy.InProgress {
		return is.Of == was.Of && is.Amount <= was.Amount
	}
	windows := int64((was.Window + is.Window - 1) / is.Window)
	return is.Amount <= was.Amount/windows
}

// isKnownBy reports whether sends that are alike in some dimensions are alike in another.
func isKnownBy(d policy.Dimension, others []policy.Dimension) bool {
	return slices.ContainsFunc(others, func(other policy.Dimension) bool {
		switch {
		case d.By == other.By && d.By == policy.ByBlock:
			return d.Digits >= other.Digits
		case d.By == other.By:
			return d.Digits <= other.Digits
		}
		return other.By == policy.ByNumber && (d.By.HasDigits() || d.By == policy.ByTerritory)
	})
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
