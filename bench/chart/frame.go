package chart

import (
	"fmt"
	"html"
	"strings"
)

// style has the colors of light pages, and of dark ones.
const style = `<style>
text { font: 13px sans-serif; fill: #24292f }
.axis { stroke: #8c959f; stroke-width: 1 }
.base { stroke: #8c959f; stroke-dasharray: 4 3 }
.bar, .dot0 { fill: #0969da }
.line0 { stroke: #0969da; fill: none; stroke-width: 2 }
.line1 { stroke: #bc4c00; fill: none; stroke-width: 2 }
.dot1 { fill: #bc4c00 }
.quartiles { stroke: #24292f; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.bar, .dot0 { fill: #58a6ff }
.line0 { stroke: #58a6ff }
.line1 { stroke: #f0883e }
.dot1 { fill: #f0883e }
.quartiles { stroke: #e6edf3 }
}
</style>
`

// begin starts a drawing with a title.
func begin(width, height int, title string) *strings.Builder {
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img">`+"\n<title>%s</title>\n%s",
		width, height, html.EscapeString(title), style)
	text(&svg, 10, 20, "start", title)
	return &svg
}

func text(svg *strings.Builder, x, y float64, anchor, label string) {
	fmt.Fprintf(svg, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", x, y, anchor, html.EscapeString(label))
}

func line(svg *strings.Builder, class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(svg, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", class, x1, y1, x2, y2)
}
