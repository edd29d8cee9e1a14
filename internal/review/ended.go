package review

import (
	"time"

	"github.com/caddy-tollgate/tollgate/policy"
)

// Ended lists the statements that have ended by a time, in words: rules, suspensions, and
// monitor and observe. They do nothing, and their author may not know.
func Ended(s *policy.Snapshot, at time.Time) (words []string) {
	for _, timed := range s.Timed() {
		if !timed.Until.IsZero() && !timed.Until.After(at) {
			words = append(words, timed.Words+quoted(timed.Reason)+", "+when(timed.Until))
		}
	}
	return words
}
