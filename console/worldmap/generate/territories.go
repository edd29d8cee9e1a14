package main

import (
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/text/language"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// unnumbered are the countries that the borders have without a code, by their names there.
// Whose numbers these have is what package numbering says, and nothing else.
var unnumbered = map[string]string{
	"Kosovo": "XK", "Somaliland": "SO", "N. Cyprus": "CY",
	"Indian Ocean Ter.": "CX", // with the Cocos Islands, a part
	"Siachen Glacier":   "",   // of no territory
}

// parts are territories with a code of their own that the borders have as land of another one.
var parts = []struct {
	territory, of            string
	west, east, south, north float64
}{
	{"GF", "FR", -55, -51, 2, 6}, {"GP", "FR", -62, -61, 15.8, 16.6}, {"MQ", "FR", -61.3, -60.8, 14.3, 15},
	{"RE", "FR", 55, 56, -22, -20}, {"YT", "FR", 44.9, 45.4, -13.1, -12.5},
	{"BQ", "NL", -69, -62, 12, 18}, {"SJ", "NO", 10, 35, 74, 81}, {"BV", "NO", 3, 4, -55, -54},
	{"TK", "NZ", -173, -171, -10, -8}, {"CC", "CX", 96, 97.5, -13, -11},
}

// places are those of territories that are not in the borders, and of those of which the largest
// island is not what they are known for (https://www.cia.gov/the-world-factbook/).
var places = map[string]degrees{
	"AC": {-14.37, -7.95}, "AQ": {0, antarcticaAtEdge}, "BV": {3.4, -54.4}, "CC": {96.83, -12.17},
	"GI": {-5.35, 36.14}, "TA": {-12.28, -37.1}, "TK": {-171.85, -9.2}, "TV": {179.2, -8.52}, "UM": {166.63, 19.28},
	"BQ": {-68.27, 12.18}, "GP": {-61.55, 16.25}, "MQ": {-61.02, 14.64}, "RE": {55.53, -21.12}, "YT": {45.17, -12.83},
}

const (
	// smallest is the area of what is drawn, and smallestIsland that of an island besides the largest,
	// in square units of the map. What is smaller as a whole becomes a dot.
	smallest       = 20
	smallestIsland = 3
)

// shape is a territory on the map.
type shape struct {
	// rings are the outlines of its land, simplified; none of a dot.
	rings [][]point
	// at is the middle of its largest land.
	at point
	// land is its area before it was simplified, and largest that of its largest outline.
	land, largest float64
}

// shapesOf draws all territories.
func shapesOf(borders *topology) (map[string]*shape, error) {
	lines := borders.lines()
	simplified := make([][]degrees, len(lines))
	for i, line := range lines {
		simplified[i] = simplify(unwrap(line, line[0].lon))
	}
	shapes := make(map[string]*shape)
	for i := range borders.Objects.Countries.Geometries {
		c := &borders.Objects.Countries.Geometries[i]
		code, err := codeOf(c)
		if err != nil {
			return nil, err
		}
		if code == "" || code == "AQ" {
			continue
		}
		outlines, err := c.outlines()
		if err != nil {
			return nil, err
		}
		for _, outline := range outlines {
			territory := partOf(code, lines[arcOf(outline[0])][0])
			if shapes[territory] == nil {
				shapes[territory] = new(shape)
			}
			shapes[territory].add(ringsOf(lines, outline), ringsOf(simplified, outline))
		}
	}
	for code, at := range places {
		if shapes[code] == nil {
			shapes[code] = new(shape)
		}
		shapes[code].at = project(at)
	}
	for _, s := range shapes {
		s.finish()
	}
	return shapes, nil
}

// codeOf is the code of a country, empty for one of no territory.
func codeOf(c *country) (string, error) {
	code, known := unnumbered[c.Properties.Name]
	if c.ID != "" {
		number, err := strconv.Atoi(c.ID)
		if err != nil {
			return "", fmt.Errorf("reading the code of %s: %w", c.Properties.Name, err)
		}
		region, err := language.EncodeM49(number)
		if err != nil {
			return "", fmt.Errorf("reading the code of %s: %w", c.Properties.Name, err)
		}
		code, known = region.String(), true
	}
	if !known {
		return "", fmt.Errorf("%s has no code: add it to the table of those", c.Properties.Name)
	}
	if _, is := numbering.ParseTerritory(code); code != "" && !is {
		return "", fmt.Errorf("%s of the borders, %s, is not a territory", code, c.Properties.Name)
	}
	return code, nil
}

// partOf is the part of a territory that a place is in, or the territory.
func partOf(code string, at degrees) string {
	for _, p := range parts {
		if p.of == code && at.lon >= p.west && at.lon <= p.east && at.lat >= p.south && at.lat <= p.north {
			return p.territory
		}
	}
	return code
}

// arcOf is the place of an arc in the list.
func arcOf(i int) int {
	if i < 0 {
		return ^i
	}
	return i
}

// ringsOf puts an outline together, and projects it: two rings if it crosses the antimeridian. The
// last point of an arc is the first of the next.
func ringsOf(lines [][]degrees, outline []int) (rings [][]point) {
	var ring []degrees
	near := lines[arcOf(outline[0])][0].lon
	for _, i := range outline {
		line := slices.Clone(lines[arcOf(i)])
		if i < 0 {
			slices.Reverse(line)
		}
		line = unwrap(line, near)
		near = line[len(line)-1].lon
		ring = append(ring, line[:len(line)-1]...)
	}
	for _, part := range cut(ring) {
		projected := make([]point, len(part))
		for i, at := range part {
			projected[i] = project(at)
		}
		rings = append(rings, projected)
	}
	return rings
}

// add adds an outline, as a whole and simplified.
func (s *shape) add(whole, simplified [][]point) {
	for _, ring := range whole {
		of := area(ring)
		if s.land += of; of > s.largest {
			s.largest, s.at = of, center(ring)
		}
	}
	for _, ring := range simplified {
		if area(ring) >= smallestIsland {
			s.rings = append(s.rings, ring)
		}
	}
}

// finish makes a dot of what is too small to be drawn.
func (s *shape) finish() {
	if s.land < smallest {
		s.rings = nil
	}
}
