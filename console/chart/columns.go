package chart

import (
	"fmt"
	"html/template"
	"strings"
	"time"
)

// Columns are counts over time, each column a stack of as many parts as there are series.
type Columns struct {
	// Title says what is counted.
	Title string
	// Table is what opens the table, and Time what its first column is called.
	Table, Time string
	// Times are when the columns begin, and Length how long each lasts: an hour or a day.
	Times  []time.Time
	Length time.Duration
	// Series are drawn from the bottom up. There are classes for eight.
	Series []Series
}

// Series are the counts of one thing, one for each time.
type Series struct {
	Name   string
	Counts []int64
}

// The drawing, in its units.
const (
	columnsWidth, columnsHeight = 720, 220
	plotLeft, plotRight         = 64, 712
	plotTop, plotBottom         = 10, 190
)

// column is one as it is drawn.
type column struct {
	// Name is when it begins, and Title that with its counts.
	Name, Title string
	Time        time.Time
	X, Width    float64
	Parts       []part
	// Label is below it, if there is room for one.
	Label  string
	LabelX float64
	// Counts are those of the series, and Total their sum, as in the table.
	Counts []string
	Total  string
}

// part is one of a series in a column.
type part struct {
	Series    int
	Y, Height float64
}

// tick is a line of the vertical axis.
type tick struct {
	Y     float64
	Label string
}

// Draw returns the chart as a figure. Its classes are `chart`, and in it `legend`, `series1` to
// `series8`, `axis`, `grid` and `label`.
func (c Columns) Draw() (template.HTML, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	most := int64(0)
	for i := range c.Times {
		most = max(most, c.total(i))
	}
	top := roundUp(most)
	drawn := struct {
		Columns
		Width, Height, Left, Right, Bottom int
		Ticks                              []tick
		Drawn                              []column
		IsEmpty                            bool
	}{Columns: c, Width: columnsWidth, Height: columnsHeight, Left: plotLeft, Right: plotRight, Bottom: plotBottom, IsEmpty: most == 0}
	for _, value := range []int64{0, top / 2, top} {
		if len(drawn.Ticks) == 0 || value > 0 {
			drawn.Ticks = append(drawn.Ticks, tick{at(value, top), Number(value)})
		}
	}
	for i := range c.Times {
		drawn.Drawn = append(drawn.Drawn, c.column(i, top))
	}
	return render("columns", drawn)
}

func (c *Columns) total(i int) (sum int64) {
	for _, s := range c.Series {
		sum += s.Counts[i]
	}
	return sum
}

// at is the place of a value on the vertical axis.
func at(value, top int64) float64 {
	return round(plotBottom - float64(value)/float64(top)*(plotBottom-plotTop))
}

func (c *Columns) column(i int, top int64) column {
	step := float64(plotRight-plotLeft) / float64(len(c.Times))
	x := plotLeft + step*float64(i)
	col := column{X: round(x + step*0.1), Width: round(step * 0.8), LabelX: round(x + step/2), Time: c.Times[i].UTC(), Name: c.name(c.Times[i])}
	var words []string
	below := int64(0)
	for k, s := range c.Series {
		count := s.Counts[i]
		col.Counts = append(col.Counts, Number(count))
		if count <= 0 {
			continue
		}
		upper, lower := at(below+count, top), at(below, top)
		col.Parts = append(col.Parts, part{k + 1, upper, round(max(lower-upper, 0.5))})
		words = append(words, s.Name+" "+Number(count))
		below += count
	}
	col.Total = Number(below)
	col.Title = col.Name + ": " + strings.Join(words, ", ")
	if every := max((len(c.Times)+7)/8, 1); i%every == 0 {
		col.Label = c.label(c.Times[i])
	}
	return col
}

// IsHours reports whether the columns are hours, which are called by those of the reader's zone
// where there are scripts.
func (c Columns) IsHours() bool { return c.Length < 24*time.Hour }

// name is a time for people, and label a short one, in UTC.
func (c *Columns) name(t time.Time) string {
	if c.IsHours() {
		return t.UTC().Format("2 Jan 15:04 UTC")
	}
	return t.UTC().Format("2 Jan 2006")
}

func (c *Columns) label(t time.Time) string {
	if c.IsHours() {
		return t.UTC().Format("15:04")
	}
	return t.UTC().Format("2 Jan")
}

// check reports a series that has not a count for each time.
func (c *Columns) check() error {
	if len(c.Series) > 8 {
		return fmt.Errorf("drawing %s: there are %d series, and classes for 8", c.Title, len(c.Series))
	}
	for _, s := range c.Series {
		if len(s.Counts) != len(c.Times) {
			return fmt.Errorf("drawing %s: %s has %d counts at %d times", c.Title, s.Name, len(s.Counts), len(c.Times))
		}
	}
	return nil
}
