package config

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/rates"
)

// limits compiles limits, and says which of the shipped ones are to be beside them.
func (c *compiler) limits(path string, list []Limit) (compiled []policy.Limit, shipped *Limit) {
	for i := range list {
		l, at := &list[i], fmt.Sprintf("%s[%d]", path, i)
		same := func(other Limit) bool { return other.Name == l.Name }
		if first := slices.IndexFunc(list, same); first < i && l.Name != "" {
			c.problem(at, "limit %s is already specified: give this one another name", c.shown(at+".name", l.Name))
		}
		switch {
		case l.Name != DefaultLimits:
			compiled = append(compiled, c.limit(at, l))
		case l.isAlone():
			c.then(at, l, new(policy.Limit))
			shipped = l
		default:
			c.problem(at, "%s is the name of the limits that are shipped: write it alone, or give this limit another name", DefaultLimits)
		}
	}
	return compiled, shipped
}

// operatorLimits compiles those of one document, which others may add to.
func (c *compiler) operatorLimits(list []Limit) {
	compiled, shipped := c.limits("limits", list)
	limits := &c.compiled.Definition.Limits
	for i := range compiled {
		same := func(l policy.Limit) bool { return l.Name == compiled[i].Name }
		if slices.ContainsFunc(*limits, same) {
			c.problem("limits", "limit %s is already specified elsewhere, in a file or in the store: give one of them another name", c.shown("limits", compiled[i].Name))
		}
	}
	*limits = append(*limits, compiled...)
	if shipped != nil {
		c.shipped = shipped
	}
}

// accountLimits compiles the limits of an account.
func (c *compiler) accountLimits(path string, list []Limit) []policy.Limit {
	compiled, shipped := c.limits(path, list)
	if shipped != nil {
		compiled = append(compiled, shippedBeside(compiled, shipped)...)
	}
	return compiled
}

func (c *compiler) limit(path string, l *Limit) policy.Limit {
	compiled := policy.Limit{
		Name: l.Name,
		Kind: policy.SendKind(c.oneOf(path+".channel", "kind of sends", l.Channel, policy.SendKindNames)),
		Of:   policy.Measure(c.oneOf(path+".of", "measure", l.Of, policy.MeasureNames)),
	}
	if !isName(l.Name) && !c.opaque(l.Name) {
		c.problem(path, `a limit needs a name of letters, digits, "-" and "_", by which logs name it`)
	}
	if l.Hours != "" {
		return c.hours(path, l, compiled)
	}
	switch {
	case c.opaque(l.Amount):
	case compiled.Of == policy.InProgress:
		c.callsInProgress(path, l, &compiled)
	default:
		var err error
		if compiled.Amount, compiled.Window, compiled.Calendar, err = parseAmount(l.Amount, compiled.Of); err != nil {
			c.problem(path+".amount", "%q is not %v", c.shown(path+".amount", l.Amount), err)
		}
	}
	compiled.Zone = c.calendarZone(path, l, compiled.Calendar)
	compiled.Adaptive = l.Adaptive
	c.then(path, l, &compiled)
	if len(l.Per) == 0 {
		c.problem(path, `a limit needs dimensions: write what is counted together, such as "per account"`)
	}
	for i, text := range l.Per {
		at := fmt.Sprintf("%s.per[%d]", path, i)
		if c.opaque(text) {
			continue
		}
		d, err := parseDimension(text)
		switch {
		case err != nil:
			c.problem(at, "%q is not a dimension%v", c.shown(at, text), err)
		case slices.Contains(compiled.Per, d):
			c.problem(at, "%s is already specified", d)
		}
		compiled.Per = append(compiled.Per, d)
	}
	if compiled.Of == policy.Numbers && slices.Contains(compiled.Per, policy.Dimension{By: policy.ByNumber}) {
		c.problem(path, "different numbers per number are always one: count sends, or leave number out")
	}
	c.unverified(path, l, &compiled)
	return compiled
}

// monitors reports whether what is over is only recorded.
func (l *Limit) monitors() bool { return l.Action == policy.Monitored.String() }

// limitActions are what becomes of sends over a limit, the default first.
var limitActions = []string{policy.Denied.String(), policy.Monitored.String(), notifies}

// oneOf is the place of a word among some; where nothing is stated, 0.
func (c *compiler) oneOf(path, what, word string, words []string) int {
	i := slices.Index(words, word)
	switch {
	case i >= 0:
		return i
	case word != "" && !c.opaque(word):
		stated := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
		c.problem(path, "unknown %s %q%s", what, c.shown(path, word), DidYouMean(word, stated))
	}
	return 0
}

// isName reports whether a text may be the name of a limit.
func isName(text string) bool {
	return text != "" && len(text) <= maxName && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

// maxName is how long the name of a limit may be, in bytes.
const maxName = 64

const (
	minWindow = time.Second
	maxWindow = 31 * 24 * time.Hour
)

// parseAmount reads an amount and its window, such as "25/1h", or "1000/day". The error says what
// it is not.
func parseAmount(text string, of policy.Measure) (amount int64, window time.Duration, calendar policy.Calendar, err error) {
	left, right, _ := strings.Cut(text, "/")
	if amount, err = parseCount(left, of); err != nil {
		return 0, 0, 0, fmt.Errorf(`an amount and a window: write, for example, %s`, exampleAmounts[of == policy.Spend])
	}
	if unit := slices.Index(policy.CalendarNames, right); unit > 0 {
		return amount, 0, policy.Calendar(unit), nil
	}
	window, err = parseWindow(right)
	if err != nil || window < minWindow || window > maxWindow {
		return 0, 0, 0, errors.New(`an amount and a window from 1s to 31d: write, for example, "25/1h30m", "25/7d" or "1000/day"`)
	}
	return amount, window, 0, nil
}

// exampleAmounts are one of money and one of all else, and how much there may be.
var exampleAmounts = map[bool]string{
	true:  fmt.Sprintf(`"20.00/1h", of money up to %d with up to four decimals`, rates.MaxAmount/10_000),
	false: fmt.Sprintf(`"25/1h", of an amount up to %d`, math.MaxUint32),
}

// errCount is an amount that is not one.
var errCount = errors.New("not an amount")

// parseCount reads how much there may be of something, from 1 of its units.
func parseCount(text string, of policy.Measure) (int64, error) {
	if of == policy.Spend {
		money, err := rates.ParseAmount(text)
		if err != nil || money < 1 {
			return 0, errCount
		}
		return int64(money), nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n < 1 || text[0] == '+' {
		return 0, errCount
	}
	return int64(n), nil
}

// parseWindow reads a duration, which may be of days.
func parseWindow(text string) (time.Duration, error) {
	days, ok := strings.CutSuffix(text, "d")
	if !ok {
		return time.ParseDuration(text)
	}
	n, err := strconv.ParseUint(days, 10, 8)
	return time.Duration(n) * 24 * time.Hour, err
}

// parseDimension reads a dimension, such as "account" or "block:3". The error completes a sentence.
func parseDimension(text string) (policy.Dimension, error) {
	name, digits, stated := strings.Cut(text, ":")
	i := slices.Index(policy.DimensionNames, name)
	if i < 0 {
		return policy.Dimension{}, errors.New(DidYouMean(name, policy.DimensionNames))
	}
	d := policy.Dimension{By: policy.DimensionKind(i)}
	if d.By == policy.ByHeader {
		return headerDimension(digits)
	}
	if !d.By.HasDigits() {
		if stated {
			return d, fmt.Errorf(": write %q alone", name)
		}
		return d, nil
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > maxDigits || len(digits) > 2 {
		return d, fmt.Errorf(`: write the number of digits, from 1 to %d, such as %q`, maxDigits, exampleDigits[d.By])
	}
	d.Digits = n
	return d, nil
}

// maxDigits is how many digits a number has at most (ITU-T E.164, 6.2).
const maxDigits = 15

var exampleDigits = map[policy.DimensionKind]string{policy.ByBlock: "block:3", policy.ByPrefix: "prefix:6"}
