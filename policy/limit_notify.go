package policy

import (
	"strconv"
	"strings"
)

// Notifies reports whether the limit notifies of how much there is, and refuses nothing.
func (l *Limit) Notifies() bool { return len(l.NotifyAt) > 0 }

// StepAmount is the least amount that is so many percent of the limit's.
func (l *Limit) StepAmount(percent int) int64 { return (l.Amount*int64(percent) + 99) / 100 }

// steps are the amounts from which on it is told that so much is used, the least first.
func (l *Limit) steps() (steps []int64) {
	if l.Warn > 0 {
		return []int64{l.Warn}
	}
	for _, percent := range l.NotifyAt {
		steps = append(steps, l.StepAmount(percent))
	}
	return steps
}

// NotifyText are the steps in words: "50%, 80%, 100%".
func (l *Limit) NotifyText() string {
	texts := make([]string, len(l.NotifyAt))
	for i, percent := range l.NotifyAt {
		texts[i] = PercentText(percent)
	}
	return strings.Join(texts, ", ")
}

// PercentText is a step as configurations spell it: "80%".
func PercentText(percent int) string { return strconv.Itoa(percent) + "%" }
