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
			c.add(account, Change{Direction: Closes, What: Limit, Text: "limit " + l.Name + ": " + l.Limit.String() + " and no more" + l.Then()})
		case was == nil, was.Monitor && l.Monitor, inForce(was) == inForce(l):
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
	if was.Monitor || !is.Monitor && isAsStrict(is, was) && is.HoldFor >= was.HoldFor {
		return Closes
	}
	return Opens
}

// isAsStrict reports whether nothing that one limit refuses gets past another in its place.
func isAsStrict(is, was *policy.StatedLimit) bool {
	if is.Hours.AreStated() || was.Hours.AreStated() {
		return areHoursAsStrict(is, was)
	}
	perAccount := slices.Contains(was.Per, policy.Dimension{By: policy.ByAccount})
	return (is.Kind == was.Kind || is.Kind == policy.AnySend) &&
		(is.Of == was.Of || is.Of == policy.Sends && was.Of != policy.Spend) &&
		(!is.Adaptive || growsAlike(is, was)) &&
		(is.Level == was.Level || is.Level == "operator" || perAccount) &&
		!slices.ContainsFunc(is.Per, func(d policy.Dimension) bool { return !isKnownBy(d, was.Per) }) &&
		isWithin(is, was)
}

// areHoursAsStrict reports whether nothing that one limit of hours refuses gets past another in its
// place.
func areHoursAsStrict(is, was *policy.StatedLimit) bool {
	isOfAll := is.Kind == policy.AnySend && was.Kind != policy.Verifications
	hasZone := is.Zone == was.Zone || is.Zone != nil && was.Zone != nil && is.Zone.String() == was.Zone.String()
	if !is.Hours.AreStated() || !was.Hours.AreStated() || is.Kind != was.Kind && !isOfAll || !hasZone {
		return false
	}
	for minute := range policy.MinutesOfDay {
		if is.Hours.Has(minute) && !was.Hours.Has(minute) {
			return false
		}
	}
	return true
}

// growsAlike reports whether one limit grows as much as another, or less: both count the same.
func growsAlike(is, was *policy.StatedLimit) bool {
	return was.Adaptive && is.Window == was.Window && slices.Equal(is.Per, was.Per) && is.Kind == was.Kind && is.Level == was.Level
}

// isWithin reports whether the windows of one limit that the other's window can touch have no
// more together than that has.
func isWithin(is, was *policy.StatedLimit) bool {
	if is.Of == policy.InProgress || was.Of == policy.InProgress {
		return is.Of == was.Of && is.Amount <= was.Amount
	}
	if is.Calendar != policy.NoCalendar && is.Calendar == was.Calendar && is.Zone.String() == was.Zone.String() {
		return is.Amount <= was.Amount
	}
	shortest, longest, windows := is.Window, was.Window, int64(0)
	if is.Calendar != policy.NoCalendar {
		shortest, _ = is.Calendar.Bounds()
		windows++ // the other's may begin within a period
	}
	if was.Calendar != policy.NoCalendar {
		_, longest = was.Calendar.Bounds()
	}
	windows += int64((longest + shortest - 1) / shortest)
	return is.Amount <= was.Amount/windows
}

// isKnownBy reports whether sends that are alike in some dimensions are alike in another.
func isKnownBy(d policy.Dimension, others []policy.Dimension) bool {
	return slices.ContainsFunc(others, func(other policy.Dimension) bool {
		switch {
		case d.By == other.By && d.By == policy.ByHeader:
			return d == other
		case d.By == other.By && d.By == policy.ByBlock:
			return d.Digits >= other.Digits
		case d.By == other.By:
			return d.Digits <= other.Digits
		}
		return other.By == policy.ByNumber && (d.By.HasDigits() || d.By == policy.ByTerritory)
	})
}

func inForce(l *policy.StatedLimit) string { return l.Limit.String() + l.Then() }

func limitNamed(list []policy.StatedLimit, name string) *policy.StatedLimit {
	i := slices.IndexFunc(list, func(l policy.StatedLimit) bool { return l.Name == name })
	if i < 0 {
		return nil
	}
	return &list[i]
}
