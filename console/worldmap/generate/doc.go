// Command generate draws the map of the world that package worldmap shows, and writes it to
// map.txt there.
//
// The borders are those of Natural Earth, which is in the public domain
// (https://www.naturalearthdata.com/about/terms-of-use/), as the npm package world-atlas
// has them in TopoJSON. Get the package with "npm pack world-atlas@2.0.2" and, in the folder of
// package worldmap, run "go run ./generate -from" with its file.
//
// It goes in four steps: topology.go reads the borders, projection.go projects them, simplify.go
// leaves out the points that no one would see, and territories.go finds out whose land is
// whose, and which territories are too small to be drawn.
package main
