package twilio

import (
	"net/url"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/address"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
)

// Twilio is Twilio's API. Its zero value is ready to use.
type Twilio struct{}

// Name implements carrier.Carrier.
func (Twilio) Name() string { return "twilio" }

// Dialect implements carrier.Carrier.
func (Twilio) Dialect() *address.Dialect { return dialect }

// Products implements carrier.Carrier.
func (Twilio) Products() []string { return slices.Clone(products) }

// maxSegments bounds the path segments that are looked at; every path in the
// table is shorter.
const maxSegments = 12

// NamesDestination implements carrier.Carrier.
func (Twilio) NamesDestination(parameter string) bool {
	return contains(destinationParameters, parameter) || contains(destinationParameters, params.CanonicalName(parameter))
}

// Route implements carrier.Carrier.
func (Twilio) Route(r *carrier.Request, configured string) *carrier.Operation {
	named := placeOfHost(r.Host, configured)
	op := &carrier.Operation{
		Product: named.product, Upstream: named.upstream, HostKnown: named.known, Elsewhere: named.elsewhere, CheckedAs: named.product,
	}

	var buffer [maxSegments]string
	segments, whole := split(r.Path, buffer[:0])
	legacy := op.Product == "api" || r.AnyProduct
	if legacy && len(segments) > 0 {
		// The API of 2010 takes the representation as an extension. One behind a
		// slash, as in "Calls/.json", is that of what stands before.
		last := &segments[len(segments)-1]
		if *last, _, _ = strings.Cut(*last, "."); *last == "" {
			segments = segments[:len(segments)-1]
		}
	}
	if legacy && len(segments) > 2 && strings.EqualFold(segments[1], "Accounts") {
		op.Account = segments[2]
	}
	if r.IsRead() {
		op.Name, op.Safe = "read", true
		return op
	}
	if slices.Contains(streamed, op.Product) && (!r.AnyProduct || slices.Contains(streamed, configured)) {
		op.Name, op.Safe = "upload", true
		return op
	}

	product := op.Product
	if r.AnyProduct {
		product = anyProduct
	}
	row := &unlisted
	if whole {
		row = find(product, r.Method, segments)
	}
	op.Kind, op.Name, op.Row = row.kind, row.name, row
	op.Undocumented = row.kind != carrier.Inert && row.kind != carrier.Unlisted && !row.isDocumented(r.Method, segments)
	if r.AnyProduct && row.product != "" && find(op.Product, r.Method, segments) == &unlisted {
		op.CheckedAs = row.product // the host says nothing
	}
	if row.accepts&params.AcceptOther == 0 || params.Searchable(r.Header.Get("Content-Type")) {
		op.MaxBody = row.maxBody
	}
	return op
}

// find finds the row of a product's write.
func find(product, method string, segments []string) *operation {
	if row := judged[product].find(method, segments); row != nil {
		return row
	}
	if row := inert[product].find(method, segments); row != nil {
		return row
	}
	return &unlisted
}

// split splits an escaped path at its slashes and decodes each segment. It
// says whether that is the whole path.
func split(path string, segments []string) ([]string, bool) {
	path = strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/")
	for part := range strings.SplitSeq(path, "/") {
		if len(segments) == maxSegments {
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
