package chart

import (
	"fmt"
	"strings"
)

// Line is one series of values, a value for each place of the horizontal axis.
type Line struct {
	Name   string
	Values []float64
}

// Lines draws up to two series. Places lie equally far apart, whatever they stand for,
// since they grow by factors; the vertical axis begins at 0.
func Lines(title string, places []string, lines []Line) string {
	const left, right, upper, lower = 60, 520, 40, 240
	top := 1.0
	for _, l := range lines {
		for _, value := range l.Values {
			top = max(top, value)
		}
	}
	x := func(i int) float64 { return left + float64(i)/float64(max(1, len(places)-1))*(right-left) }
	y := func(value float64) float64 { return lower - value/top*(lower-upper) }
	svg := begin(640, lower+40, title)
	line(svg, "axis", left, upper, left, lower)
	line(svg, "axis", left, lower, right, lower)
	text(svg, left-6, lower, "end", "0")
	text(svg, left-6, upper+6, "end", fmt.Sprintf("%.0f", top))
	for i, place := range places {
		text(svg, x(i), lower+20, "middle", place)
	}
	for n, l := range lines {
		var path strings.Builder
		for i, value := range l.Values {
			fmt.Fprintf(&path, "%.1f,%.1f ", x(i), y(value))
			fmt.Fprintf(svg, `<circle class="dot%d" cx="%.1f" cy="%.1f" r="3"/>`+"\n", n, x(i), y(value))
		}
		fmt.Fprintf(svg, `<polyline class="line%d" points="%s"/>`+"\n", n, strings.TrimSpace(path.String()))
		if last := len(l.Values) - 1; last >= 0 {
			text(svg, right+10, y(l.Values[last])+4, "start", l.Name)
		}
	}
	svg.WriteString("</svg>\n")
	return svg.String()
}
