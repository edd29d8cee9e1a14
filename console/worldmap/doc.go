// Package worldmap draws a map of the world in SVG, on which each territory has one of six
// classes by how much there is of something. Territories that are too small to be seen are dots.
//
// It writes no style: the page has the classes.
//
// What may not come in: what is counted, HTTP, and scripts.
package worldmap
