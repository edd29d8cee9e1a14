package worldmap

import (
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// text is the map as the command in generate writes it.
//
//go:embed map.txt
var text string

// world is the map by territory.
type world struct {
	width, height int
	places        map[numbering.Territory]place
}

// place is where a territory is: a path, or a dot.
type place struct {
	path string
	x, y int
}

// drawn is the map, read once.
var drawn = sync.OnceValue(func() *world {
	w, err := read(text)
	if err != nil {
		panic("worldmap: " + err.Error()) // it is part of the program, and a test reads it
	}
	return w
})

func read(text string) (*world, error) {
	head, rest, _ := strings.Cut(text, "\n")
	w := &world{places: make(map[numbering.Territory]place)}
	if _, err := fmt.Sscanf(head, "%d %d", &w.width, &w.height); err != nil {
		return nil, fmt.Errorf("reading the size of the map: %w", err)
	}
	for line := range strings.Lines(rest) {
		code, where, _ := strings.Cut(strings.TrimSpace(line), " ")
		t, ok := numbering.ParseTerritory(code)
		if !ok {
			return nil, fmt.Errorf("reading the map: %q is not a territory", code)
		}
		p := place{path: where}
		if !strings.HasPrefix(where, "M") {
			p.path = ""
			if _, err := fmt.Sscanf(where, "%d %d", &p.x, &p.y); err != nil {
				return nil, fmt.Errorf("reading the place of %s: %w", code, err)
			}
		}
		w.places[t] = p
	}
	return w, nil
}

// Value is what the map shows of a territory.
type Value struct {
	// Count is how much there is.
	Count int64
	// Text says so for people, behind the name of the territory: "12 refused".
	Text string
	// Link is where a click leads, empty for nowhere. It is a path, or begins with "?" or "#".
	Link string
}

// Map is what is drawn.
type Map struct {
	// Title says what the map shows.
	Title  string
	Values map[numbering.Territory]Value
}

// Steps is how many classes there are besides that of what has nothing.
const Steps = 5

// Bounds are the least counts of the steps, the first of which is 1, by the greatest count: each
// is as many times that before it. Of small counts some steps have the same, and the last of
// these stands for them.
func Bounds(most int64) (bounds [Steps]int64) {
	for i := range bounds {
		bounds[i] = int64(math.Ceil(math.Pow(float64(max(most, 1)), float64(i)/Steps) - 1e-9))
	}
	return bounds
}

// step is that of a count; 0 of none.
func step(count int64, bounds [Steps]int64) (step int) {
	for _, least := range bounds {
		if count >= least {
			step++
		}
	}
	return step
}

// Places reports whether a territory has a place on the map. A calling code of no country has none.
func Places(t numbering.Territory) bool {
	_, ok := drawn().places[t]
	return ok
}

// dotRadius is that of a dot, in units of the map.
const dotRadius = 7

// Draw returns the map as an SVG element. Its classes are `worldmap`, of territories `step0` to
// `step5`, and of dots `dot` besides. A territory with a value has a title; the others are
// hidden from screen readers.
func Draw(m Map) template.HTML {
	most := int64(0)
	for _, v := range m.Values {
		most = max(most, v.Count)
	}
	w, bounds := drawn(), Bounds(most)
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg class="worldmap" viewBox="0 0 %d %d" role="group" aria-label="%s">`+"\n", w.width, w.height, html.EscapeString(m.Title))
	all := slices.Sorted(maps.Keys(w.places))
	for _, dots := range []bool{false, true} { // dots lie above the land
		for _, t := range all {
			if p := w.places[t]; (p.path == "") == dots {
				p.draw(&svg, t, m.Values[t], bounds)
			}
		}
	}
	svg.WriteString("</svg>")
	return template.HTML(svg.String())
}

func (p place) draw(svg *strings.Builder, t numbering.Territory, v Value, bounds [Steps]int64) {
	if v.Count <= 0 {
		p.write(svg, "step0", ` aria-hidden="true"`, "")
		return
	}
	class := fmt.Sprintf("step%d", step(v.Count, bounds))
	label := t.Name() + ": " + v.Text
	if link := v.Link; link != "" && strings.ContainsRune("/?#", rune(link[0])) && !strings.HasPrefix(link, "//") {
		fmt.Fprintf(svg, `<a href="%s" aria-label="%s">`, html.EscapeString(link), html.EscapeString(label))
		p.write(svg, class, "", label)
		svg.WriteString("</a>\n")
		return
	}
	p.write(svg, class, ` role="img"`, label)
}

// write writes a territory with its title.
func (p place) write(svg *strings.Builder, class, attributes, title string) {
	name := "circle"
	if p.path != "" {
		name = "path"
		fmt.Fprintf(svg, `<path class="%s"%s d="%s"`, class, attributes, p.path)
	} else {
		fmt.Fprintf(svg, `<circle class="%s dot"%s cx="%d" cy="%d" r="%d"`, class, attributes, p.x, p.y, dotRadius)
	}
	if title == "" {
		svg.WriteString("/>\n")
		return
	}
	fmt.Fprintf(svg, `><title>%s</title></%s>`+"\n", html.EscapeString(title), name)
}
