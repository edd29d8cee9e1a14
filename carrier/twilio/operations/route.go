package operations

import (
	"net/url"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// MaxSegments limits the path segments that Route reads; every path in the tables is
// shorter.
const MaxSegments = 12

// NamesDestination reports whether a parameter of this name holds destinations in any
// operation.
func NamesDestination(parameter string) bool { return namesAny(api.destinations, parameter) }

// NamesSender reports whether a parameter of this name holds senders in any operation.
func NamesSender(parameter string) bool { return namesAny(api.senders, parameter) }

func namesAny(names []string, parameter string) bool {
	return contains(names, parameter) || contains(names, params.CanonicalName(parameter))
}

// Route finds the operation of a request.
func Route(r *carrier.Request, configured string) *carrier.Operation {
	named := placeOfHost(r.Host, configured)
	op := r.NewOperation()
	*op = carrier.Operation{
		Product: named.product, Upstream: named.upstream, HostKnown: named.known, Elsewhere: named.elsewhere,
		CheckedAs: named.product,
	}

	var buffer [MaxSegments]string
	segments, whole := Split(r.Path, buffer[:0])
	legacy := op.Product == "api" || r.AnyProduct
	if legacy && len(segments) > 0 {
		// In the API of 2010 an extension chooses the representation. One after a slash,
		// as in "Calls/.json", belongs to the segment before it.
		last := &segments[len(segments)-1]
		if *last, _, _ = strings.Cut(*last, "."); *last == "" {
			segments = segments[:len(segments)-1]
		}
	}
	if legacy && len(segments) > 2 && strings.EqualFold(segments[1], "Accounts") {
		op.Account = segments[2]
	}
	if r.IsRead() {
		op.Name, op.Safe = nameRead, true
		return op
	}
	if slices.Contains(streamed, op.Product) && (!r.AnyProduct || slices.Contains(streamed, configured)) {
		op.Name, op.Safe = nameUpload, true
		return op
	}

	product := op.Product
	if r.AnyProduct {
		product = anyProduct
	}
	o := api.unknown
	if whole {
		o = api.find(product, r.Method, segments)
	}
	op.Kind, op.Name, op.Row, op.Converts = o.kind, o.name, o, o.converts
	op.Undocumented = o.kind != carrier.Inert && o.kind != carrier.UnknownOperation && !o.isDocumented(r.Method, segments)
	if r.AnyProduct && o.product != "" && api.find(op.Product, r.Method, segments) == api.unknown {
		op.CheckedAs = o.product // the host says nothing
	}
	if o.accepts&params.AcceptOther == 0 || params.Searchable(r.Field("Content-Type")) {
		op.MaxBody = o.maxBody
	}
	return op
}

// Split splits an escaped path at its slashes and decodes each segment. It reports
// whether the segments are the whole path.
func Split(path string, segments []string) ([]string, bool) {
	path = strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/")
	for part := range strings.SplitSeq(path, "/") {
		if len(segments) == MaxSegments {
			return segments, false
		}
		if strings.IndexByte(part, '%') >= 0 {
			if decoded, err := url.PathUnescape(part); err == nil {
				part = decoded
			}
		}
		segments = append(segments, part)
	}
	return segments, true
}

// ExtensionOf returns the last segment of a path from its first dot on.
func ExtensionOf(path string) string {
	path = strings.TrimSuffix(path, "/")
	name := path[strings.LastIndexByte(path, '/')+1:]
	if dot := strings.IndexByte(name, '.'); dot >= 0 {
		return name[dot:]
	}
	return ""
}
