package operations

import "slices"

// Names of operations that are in no row.
const (
	nameRead    = "read"
	nameUpload  = "upload"
	nameInert   = "inert"
	nameSetURLs = "urls.set"
)

// Names lists every name that Route gives an operation, sorted.
func Names() []string {
	names := []string{nameRead, nameUpload, nameInert, nameSetURLs, api.unknown.name}
	for _, o := range api.operations {
		names = append(names, o.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
