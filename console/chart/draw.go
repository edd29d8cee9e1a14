package chart

import (
	"embed"
	"fmt"
	"html/template"
	"math"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed *.html
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"add": func(a, b int) int { return a + b },
}).ParseFS(files, "*.html"))

// render runs the template of a chart.
func render(name string, data any) (template.HTML, error) {
	var text strings.Builder
	if err := templates.ExecuteTemplate(&text, name+".html", data); err != nil {
		return "", fmt.Errorf("drawing a chart: %w", err)
	}
	return template.HTML(text.String()), nil
}

// Number is a count for people: "12,345".
func Number(n int64) string { return message.NewPrinter(language.English).Sprint(n) }

// round leaves a tenth of a unit, which is less than can be seen.
func round(f float64) float64 { return math.Round(f*10) / 10 }

// roundUp is a round number of which half is whole, and which is not less than a count: 2, 4, 10, 20, 40, ….
func roundUp(count int64) int64 {
	for scale := int64(1); ; scale *= 10 {
		for _, first := range []int64{2, 4, 6, 10} {
			if top := first * scale; top >= count {
				return top
			}
		}
		if scale > math.MaxInt64/100 {
			return math.MaxInt64
		}
	}
}
