package chart

import "fmt"

// Bar is one ratio: its median and its quartiles.
type Bar struct {
	Name             string
	Low, Median, Top float64
}

// Bars draws ratios from the top down, with a dashed line where the base is, at 1.
func Bars(title string, bars []Bar) string {
	const left, right, row = 300, 710, 26
	top := 1.0
	for _, b := range bars {
		top = max(top, b.Top)
	}
	at := func(value float64) float64 { return left + value/top*(right-left) }
	bottom := float64(40 + row*len(bars))
	svg := begin(760, int(bottom)+10, title)
	for i, b := range bars {
		y := float64(40 + row*i)
		text(svg, left-8, y+14, "end", b.Name)
		fmt.Fprintf(svg, `<rect class="bar" x="%d" y="%.1f" width="%.1f" height="16"/>`+"\n", left, y+1, at(b.Median)-left)
		line(svg, "quartiles", at(b.Low), y+9, at(b.Top), y+9)
		text(svg, max(at(b.Median), at(b.Top))+6, y+14, "start", fmt.Sprintf("%.2f", b.Median))
	}
	line(svg, "base", at(1), 34, at(1), bottom)
	line(svg, "axis", left, 34, left, bottom)
	svg.WriteString("</svg>\n")
	return svg.String()
}
