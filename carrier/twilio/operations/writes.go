package operations

import (
	_ "embed"
	"strings"
)

// writesText is every write of Twilio's API: the name of a product, and below it the methods
// and paths of its writes.
//
//go:embed writes.txt
var writesText string

// write is one documented write of a product.
type write struct{ product, method, path string }

// parseWrites parses a text in the form of writes.txt.
func parseWrites(text string) (list []write) {
	product := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		method, path, isWrite := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(line, "#"):
		case isWrite:
			list = append(list, write{product, method, path})
		default:
			product = line
		}
	}
	return list
}

// withoutExtension cuts the last segment of a path at its first dot.
func withoutExtension(path string) string {
	slash := strings.LastIndexByte(path, '/')
	name, _, _ := strings.Cut(path[slash+1:], ".")
	return path[:slash+1] + name
}
