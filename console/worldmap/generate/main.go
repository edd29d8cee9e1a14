package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
)

// outputPath is where the map goes, from the folder of package worldmap.
const outputPath = "map.txt"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	from := flag.String("from", "", "take the borders from `TARBALL`, as \"npm pack world-atlas@2.0.2\" gets it")
	flag.Parse()
	if *from == "" {
		return errors.New("say by -from where the borders are")
	}
	borders, err := readPackage(*from)
	if err != nil {
		return err
	}
	shapes, err := shapesOf(borders)
	if err != nil {
		return err
	}
	if err := os.WriteFile(outputPath, write(shapes), 0o644); err != nil {
		return fmt.Errorf("writing the map: %w", err)
	}
	return nil
}

// write writes the width and height of the map, and then a line for each territory: its code, and its
// outlines as an SVG path, or the place of its dot.
func write(shapes map[string]*shape) []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%d %d\n", width, height())
	for _, code := range slices.Sorted(maps.Keys(shapes)) {
		s := shapes[code]
		path := pathOf(s.rings)
		if path == "" {
			fmt.Fprintf(&text, "%s %d %d\n", code, round(s.at.x), round(s.at.y))
			continue
		}
		fmt.Fprintf(&text, "%s %s\n", code, path)
	}
	return text.Bytes()
}

func round(f float64) int { return int(math.Round(f)) }

// pathOf is an SVG path in whole units, each point but the first by its distance to the one before.
func pathOf(rings [][]point) string {
	var path []byte
	for _, ring := range rings {
		x, y := round(ring[0].x), round(ring[0].y)
		drawn := fmt.Appendf(nil, "M%d", x)
		drawn = appendNumber(drawn, y)
		steps := 0
		for _, p := range ring[1:] {
			dx, dy := round(p.x)-x, round(p.y)-y
			if dx == 0 && dy == 0 {
				continue
			}
			if steps == 0 {
				drawn = append(drawn, 'l')
				drawn = strconv.AppendInt(drawn, int64(dx), 10)
			} else {
				drawn = appendNumber(drawn, dx)
			}
			drawn = appendNumber(drawn, dy)
			x, y, steps = x+dx, y+dy, steps+1
		}
		if steps > 1 {
			path = append(append(path, drawn...), 'z')
		}
	}
	return string(path)
}

// appendNumber appends a number behind another one, which a sign tells apart.
func appendNumber(path []byte, n int) []byte {
	if n >= 0 {
		path = append(path, ' ')
	}
	return strconv.AppendInt(path, int64(n), 10)
}
