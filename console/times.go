package console

import (
	"strconv"
	"strings"
	"time"
)

// timeOf is the time that is written as how long from now, such as 90m, 2h or 7d, as the API takes
// it. What is written otherwise is left to the API, which says what is wrong with it.
func timeOf(written string, now time.Time) string {
	written = strings.TrimSpace(written)
	length, err := time.ParseDuration(written)
	if days, isDays := strings.CutSuffix(written, "d"); isDays {
		var n int
		n, err = strconv.Atoi(days)
		length = time.Duration(n) * day
	}
	if err != nil || length <= 0 || length > 100*365*day {
		return written
	}
	return now.Add(length).UTC().Truncate(time.Second).Format(time.RFC3339)
}
