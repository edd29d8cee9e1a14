package main

import "math"

// The map is so wide, and shows the latitudes between these. Farther south is only Antarctica.
const (
	width            = 2000
	north, south     = 83.7, -56.5
	antarcticaAtEdge = south + 1.5
)

// point is one of the map, from its upper left corner.
type point struct{ x, y float64 }

// project projects a place by Equal Earth, which keeps areas
// (Šavrič, Patterson, Jenny, 2018, https://doi.org/10.1080/13658816.2018.1504949).
func project(at degrees) point {
	x, y := equalEarth(at)
	mostX, _ := equalEarth(degrees{180, 0})
	_, top := equalEarth(degrees{0, north})
	scale := width / 2 / mostX
	return point{(x + mostX) * scale, (top - y) * scale}
}

// height is that of the map.
func height() int { return int(math.Ceil(project(degrees{0, south}).y)) }

func equalEarth(at degrees) (x, y float64) {
	const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	lon, lat := at.lon*math.Pi/180, at.lat*math.Pi/180
	t := math.Asin(math.Sqrt(3) / 2 * math.Sin(lat))
	t2, t6 := t*t, t*t*t*t*t*t
	x = 2 * math.Sqrt(3) * lon * math.Cos(t) / (3 * (9*a4*t6*t2 + 7*a3*t6 + 3*a2*t2 + a1))
	y = a4*t6*t2*t + a3*t6*t + a2*t2*t + a1*t
	return x, y
}
