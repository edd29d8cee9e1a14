package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// The file of the package that has the borders, and its SHA-256 in version 2.0.2.
const (
	bordersName   = "package/countries-50m.json"
	bordersSHA256 = "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394"
)

// degrees is a place by its longitude and latitude.
type degrees struct{ lon, lat float64 }

// topology is a TopoJSON file: lines of which polygons are put together
// (https://github.com/topojson/topojson-specification).
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   struct {
		Countries struct{ Geometries []country }
	}
}

// country is one of the topology, by its numeric code of ISO 3166-1.
type country struct {
	ID         string
	Properties struct{ Name string }
	Type       string
	Arcs       json.RawMessage
}

// readPackage reads the borders of an npm package.
func readPackage(tarball string) (*topology, error) {
	packed, err := os.ReadFile(tarball)
	if err != nil {
		return nil, fmt.Errorf("reading the npm package: %w", err)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("reading the npm package: %w", err)
	}
	files := tar.NewReader(unzipped)
	for {
		file, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("reading the npm package: it has no %s", bordersName)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the npm package: %w", err)
		}
		if file.Name == bordersName {
			return readTopology(files)
		}
	}
}

func readTopology(from io.Reader) (*topology, error) {
	text, err := io.ReadAll(from)
	if err != nil {
		return nil, fmt.Errorf("reading the borders: %w", err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(text)); sum != bordersSHA256 {
		return nil, fmt.Errorf("reading the borders: their SHA-256 is %s: look at the map after another version of them, and write its sum into topology.go", sum)
	}
	read := new(topology)
	if err := json.Unmarshal(text, read); err != nil {
		return nil, fmt.Errorf("reading the borders: %w", err)
	}
	return read, nil
}

// lines are the arcs as places: each point is written as its distance to the one before.
func (t *topology) lines() [][]degrees {
	lines := make([][]degrees, len(t.Arcs))
	for i, arc := range t.Arcs {
		var x, y float64
		for _, step := range arc {
			x, y = x+step[0], y+step[1]
			lines[i] = append(lines[i], degrees{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]})
		}
	}
	return lines
}

// outlines are the rings around the land of a country, and around what is another's in it, each as
// numbers of arcs. That of an arc which goes backwards is inverted, bit by bit.
func (c *country) outlines() (rings [][]int, err error) {
	var polygons [][][]int
	switch c.Type {
	case "Polygon":
		polygons = make([][][]int, 1)
		err = json.Unmarshal(c.Arcs, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(c.Arcs, &polygons)
	default:
		err = fmt.Errorf("it is a %s", c.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the borders of %s: %w", c.Properties.Name, err)
	}
	for _, polygon := range polygons {
		rings = append(rings, polygon...)
	}
	return rings, nil
}
