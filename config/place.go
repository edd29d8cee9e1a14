package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// Place is where the value at a path of the document is stated that Merge makes of the
// sources. It has no file if the sources do not say.
func Place(sources []Source, path string) decode.Position {
	for _, list := range mergedLists {
		rest, ok := strings.CutPrefix(path, list.name+"[")
		if !ok {
			continue
		}
		index, member, _ := strings.Cut(rest, "]")
		n, _ := strconv.Atoi(index)
		for i := range sources {
			length := list.length(&sources[i].Document)
			if n < length {
				return decode.PositionOf(sources[i].Positions, fmt.Sprintf("%s[%d]%s", list.name, n, member))
			}
			n -= length
		}
		return decode.Position{}
	}
	for i := range sources {
		if p := decode.PositionOf(sources[i].Positions, path); p.File != "" {
			return p
		}
	}
	return decode.Position{}
}

// mergedLists are the lists of a merged document that have those of all sources, one after
// the other.
var mergedLists = []struct {
	name   string
	length func(*Document) int
}{
	{"limits", func(d *Document) int { return len(d.Limits) }},
	{"prefixes", func(d *Document) int { return len(d.Prefixes) }},
	{"ranges", func(d *Document) int { return len(d.Ranges) }},
	{"accounts", func(d *Document) int { return len(d.Accounts) }},
}
