package openings

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Settings are what the operator states of openings.
type Settings struct {
	// How long an opening may last: days, such as `14d` (the default), or hours, such as
	// `36h`.
	Max string `json:"max,omitzero"`
	// How many others must approve an opening, and which ones. Default: one, of every risk.
	Approvals *Approvals `json:"approvals,omitzero"`
}

// Approvals say which openings must be approved.
type Approvals struct {
	// How many approve it. 0 is none: who requests an opening has it at once. Default: 1.
	Count *int `json:"count,omitzero"`
	// Which openings: `high_risk`, `by_request` and `wide`. Default: all of these.
	For []string `json:"for,omitzero"`
}

// Rules are settings that were read.
type Rules struct {
	// Max is the longest time from the beginning to the end of an opening.
	Max time.Duration
	// Approvals are needed for an opening with one of the marks.
	Approvals int
	For       []Mark
}

// defaultMax is the longest time of an opening where none is stated.
const defaultMax = 14 * 24 * time.Hour

// The bounds of what can be stated. Nothing is to be open for good.
const (
	mostApprovals = 10
	longestMax    = 366 * 24 * time.Hour
)

// Rules reads the settings, or names every mistake in them. Those that state nothing have the
// defaults.
func (s *Settings) Rules() (Rules, error) {
	rules := Rules{Max: defaultMax, Approvals: 1, For: Marks}
	var mistakes []error
	if s.Max != "" {
		longest, err := parseDuration(s.Max)
		if err != nil || longest < time.Minute || longest > longestMax {
			mistakes = append(mistakes, errors.New(`max: must be a time from 1m to 366d, such as "14d" or "36h"`))
		}
		rules.Max = longest
	}
	if s.Approvals == nil {
		return rules, errors.Join(mistakes...)
	}
	if n := s.Approvals.Count; n != nil {
		rules.Approvals = *n
		if *n < 0 || *n > mostApprovals {
			mistakes = append(mistakes, fmt.Errorf("approvals.count: must be 0 to %d", mostApprovals))
		}
	}
	if len(s.Approvals.For) > 0 {
		rules.For = nil
	}
	for i, word := range s.Approvals.For {
		mark := Mark(word)
		switch {
		case !slices.Contains(Marks, mark):
			mistakes = append(mistakes, fmt.Errorf("approvals.for[%d]: must be high_risk, by_request or wide", i))
		case slices.Contains(rules.For, mark):
			mistakes = append(mistakes, fmt.Errorf("approvals.for[%d]: %s is already specified", i, mark))
		}
		rules.For = append(rules.For, mark)
	}
	return rules, errors.Join(mistakes...)
}

// needed returns how many approvals an opening with these marks needs.
func (r *Rules) needed(marks []Mark) int {
	if slices.ContainsFunc(marks, func(m Mark) bool { return slices.Contains(r.For, m) }) {
		return r.Approvals
	}
	return 0
}

// parseDuration reads whole days, or what time.ParseDuration does.
func parseDuration(text string) (time.Duration, error) {
	days, isDays := strings.CutSuffix(text, "d")
	if !isDays {
		return time.ParseDuration(text)
	}
	n, err := strconv.ParseUint(days, 10, 16)
	return time.Duration(n) * 24 * time.Hour, err
}

// inWords writes a duration as settings do.
func inWords(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}
