package operations

import (
	"net/http"
	"slices"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
)

func TestEveryOperationThatRouteNamesIsListed(t *testing.T) {
	names := Names()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) || slices.Contains(names, "") {
		t.Errorf("not sorted, one name twice, or an empty one: %q", names)
	}
	routed := map[string]bool{}
	check := func(r *carrier.Request, product string) {
		t.Helper()
		op := Route(r, product)
		routed[op.Name] = true
		if !slices.Contains(names, op.Name) {
			t.Errorf("%s %s is %q, which is not listed", r.Method, r.Path, op.Name)
		}
	}
	for _, w := range parseWrites(writesText) {
		for _, anyProduct := range []bool{false, true} {
			check(&carrier.Request{Method: w.method, Path: w.path, AnyProduct: anyProduct}, w.product)
		}
	}
	for _, c := range operationTests {
		check(&carrier.Request{Method: http.MethodPost, Path: c.path}, c.product)
	}
	check(&carrier.Request{Method: http.MethodGet, Path: "/"}, "api")
	check(&carrier.Request{Method: http.MethodPost, Path: "/nothing"}, "api")
	for _, product := range streamed {
		check(&carrier.Request{Method: http.MethodPost, Path: "/"}, product)
	}
	for _, name := range names {
		if !routed[name] {
			t.Errorf("%s is listed, and no request is one", name)
		}
	}
}
