package main

import "math"

// tolerance is how far a border may be from where it was, in units of the map.
const tolerance = 0.8

// simplify leaves out the points of a line that are near to what remains (Douglas, Peucker, 1973).
// Its ends stay, so lines that meet do so afterwards.
func simplify(line []degrees) []degrees {
	if len(line) < 3 {
		return line
	}
	first, last := line[0], line[len(line)-1]
	far, most := 0, 0.0
	for i := 1; i < len(line)-1; i++ {
		if d := distance(project(line[i]), project(first), project(last)); d > most {
			far, most = i, d
		}
	}
	if most <= tolerance {
		return []degrees{first, last}
	}
	before := simplify(line[:far+1])
	return append(before[:len(before)-1:len(before)-1], simplify(line[far:])...)
}

// distance is that of a point from a line between two others, or from one that is both.
func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	length := dx*dx + dy*dy
	if length == 0 {
		return math.Hypot(p.x-a.x, p.y-a.y)
	}
	along := min(max(((p.x-a.x)*dx+(p.y-a.y)*dy)/length, 0), 1)
	return math.Hypot(p.x-a.x-along*dx, p.y-a.y-along*dy)
}

// area is that of a ring, whichever way it goes.
func area(ring []point) float64 {
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p.x*q.y - q.x*p.y
	}
	return math.Abs(sum) / 2
}

// center is the middle of what a ring spans.
func center(ring []point) point {
	low, high := ring[0], ring[0]
	for _, p := range ring {
		low, high = point{min(low.x, p.x), min(low.y, p.y)}, point{max(high.x, p.x), max(high.y, p.y)}
	}
	return point{(low.x + high.x) / 2, (low.y + high.y) / 2}
}
