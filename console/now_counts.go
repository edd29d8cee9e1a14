package console

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/caddy-tollgate/tollgate/console/chart"
)

// counted is a row of a report of the API.
type counted struct {
	Account   string `json:"account"`
	Channel   string `json:"channel"`
	Territory string `json:"territory"`
	Class     string `json:"class"`
	Reason    string `json:"reason"`
	Hour      string `json:"hour"`
	Day       string `json:"day"`
	Count     int64  `json:"count"`
}

// at is the hour or day of a row.
func (c *counted) at() time.Time {
	if t, err := time.Parse(time.RFC3339, c.Hour); err == nil {
		return t
	}
	t, _ := time.Parse(time.DateOnly, c.Day) // the API writes it so
	return t
}

// mostCounts is how many rows of a report are asked for where all are shown: more than there are
// territories, or reasons in the hours and days of a period.
const mostCounts = 10_000

// refused counts refusals and sent what was let through, since the period began. Refusals have no
// more rows than a limit.
func (n *nowPage) refused(v *visit, since time.Time, by string, limit int) ([]counted, error) {
	return n.report(v, "/audit/report", since, "by", by, "limit", strconv.Itoa(limit))
}

func (n *nowPage) sent(v *visit, since time.Time, by string, _ int) ([]counted, error) {
	return n.report(v, "/traffic", since, "by", by)
}

func (n *nowPage) report(v *visit, path string, since time.Time, asked ...string) ([]counted, error) {
	var found struct {
		Items []counted `json:"items"`
	}
	err := v.get(&found, path, n.filter(append(asked, "from", since.UTC().Format(time.RFC3339), "format", "json")...))
	return found.Items, err
}

// readCharts reads what is drawn over time.
func (n *nowPage) readCharts(v *visit) error {
	p := periodOf(n.Query.Period)
	times := p.times(time.Now())
	unit := "hour"
	if p.Length == day {
		unit = "day"
	}
	refused, err := n.refused(v, times[0], "reason,"+unit, mostCounts)
	if err != nil {
		return err
	}
	sent, err := n.sent(v, times[0], "channel,"+unit, mostCounts)
	if err != nil {
		return err
	}
	draw := func(title string, series []chart.Series) (drawn chart.Columns) {
		first := v.text("now.hour")
		if p.Length == day {
			first = v.text("now.day")
		}
		return chart.Columns{Title: title, Table: v.text("now.as_table"), Time: first, Times: times, Length: p.Length, Series: series}
	}
	other := v.text("now.other")
	if n.Refused, err = draw(v.text("now.refused"), seriesOf(refused, times, p.Length, other, func(c *counted) string { return c.Reason })).Draw(); err != nil {
		return err
	}
	n.Sent, err = draw(v.text("now.sent"), seriesOf(sent, times, p.Length, other, func(c *counted) string { return c.Channel })).Draw()
	return err
}

// mostSeries is how many series a chart has besides that of all others.
const mostSeries = 7

// seriesOf are the counts by name and time, of the names that have most first. What is left of
// many is the last of them.
func seriesOf(rows []counted, times []time.Time, length time.Duration, other string, name func(*counted) string) []chart.Series {
	sums := make(map[string]int64)
	for i := range rows {
		sums[name(&rows[i])] += rows[i].Count
	}
	names := namesByCount(sums)
	if len(names) > mostSeries {
		names = append(names[:mostSeries:mostSeries], other)
	}
	series := make([]chart.Series, len(names))
	for i, name := range names {
		series[i] = chart.Series{Name: name, Counts: make([]int64, len(times))}
	}
	for i := range rows {
		at := int(rows[i].at().Sub(times[0]) / length)
		if at < 0 || at >= len(times) {
			continue
		}
		k := slices.Index(names, name(&rows[i]))
		if k < 0 {
			k = len(names) - 1
		}
		series[k].Counts[at] += rows[i].Count
	}
	return series
}

// namesByCount are the names, most first.
func namesByCount(sums map[string]int64) (names []string) {
	for name := range sums {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b)) })
	return names
}
