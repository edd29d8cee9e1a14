package main

import "slices"

// unwrap makes the longitudes of a line go on where it crosses the antimeridian, beyond 180 degrees.
// It begins near to a longitude.
func unwrap(line []degrees, near float64) []degrees {
	unwrapped := slices.Clone(line)
	for i := range unwrapped {
		lon := &unwrapped[i].lon
		for *lon-near > 180 {
			*lon -= 360
		}
		for near-*lon > 180 {
			*lon += 360
		}
		near = *lon
	}
	return unwrapped
}

// cut cuts a ring at the antimeridian, and returns what lies on each side of it, within the map.
func cut(ring []degrees) (parts [][]degrees) {
	for _, turn := range []float64{-360, 0, 360} {
		part := make([]degrees, len(ring))
		for i, at := range ring {
			part[i] = degrees{at.lon + turn, at.lat}
		}
		part = clip(part, func(lon float64) float64 { return 180 - lon })
		part = clip(part, func(lon float64) float64 { return lon + 180 })
		if len(part) > 2 {
			parts = append(parts, part)
		}
	}
	return parts
}

// clip leaves of a ring what is on one side of a meridian, where the distance is positive
// (Sutherland, Hodgman, 1974).
func clip(ring []degrees, inside func(lon float64) float64) (clipped []degrees) {
	for i, to := range ring {
		from := ring[(i+len(ring)-1)%len(ring)]
		before, after := inside(from.lon), inside(to.lon)
		if before < 0 != (after < 0) {
			share := before / (before - after)
			clipped = append(clipped, degrees{from.lon + share*(to.lon-from.lon), from.lat + share*(to.lat-from.lat)})
		}
		if after >= 0 {
			clipped = append(clipped, to)
		}
	}
	return clipped
}
