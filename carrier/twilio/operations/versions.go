package operations

import (
	"net/http"
	"slices"
)

// documented is a method and version in which Twilio documents an operation. The version
// is empty in products without versions.
type documented struct {
	method, version string
}

// versionSegment is the segment of a version in the path of a row.
const versionSegment = "{Version}"

// document records that Twilio's libraries make a write.
func (o *operation) document(w write) {
	known := documented{w.method, o.version(split(w.path))}
	if !slices.Contains(o.documented, known) {
		o.documented = append(o.documented, known)
	}
}

// version returns the segment of a path at the place of the row's version.
func (o *operation) version(segments []string) string {
	if o.versionAt < 0 {
		return ""
	}
	return segments[o.versionAt]
}

// isDocumented reports whether Twilio documents the row's operation by this method and in
// the version of the path. Rows that its libraries do not have belong to version 1 of
// their product.
func (o *operation) isDocumented(method string, segments []string) bool {
	version := o.version(segments)
	for i := range o.documented {
		if d := &o.documented[i]; d.method == method && d.version == version {
			return true
		}
	}
	return len(o.documented) == 0 && method == http.MethodPost && (version == "v1" || version == "2010-04-01")
}
