package operations

import (
	"fmt"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
)

func TestBuildingARouterLeavesItsRowsUnchanged(t *testing.T) {
	before := fmt.Sprint(table, urlTable, unknownWrite)
	build(table, urlTable, parseWrites(writesText))
	if after := fmt.Sprint(table, urlTable, unknownWrite); after != before {
		t.Error("build changed a row")
	}
}

func TestARouterKnowsOnlyTheRowsItIsBuiltFrom(t *testing.T) {
	rt := build(
		[]row{
			{product: "a", path: "/{Version}/Things", name: "things.create", kind: carrier.Sending, fields: []field{{"Receiver", byCall}}},
			{product: "a", path: "/{Version}/Things/{Sid}", name: "things.update", except: "DELETE",
				instructionURLs: urlParameters{"HookUrl", "a"}},
			{product: "a", path: "/{Version}/Things/All", name: "things.all"},
		},
		[]row{{product: "b", path: "/{Version}/Hooks", instructionURLs: urlParameters{"Hook", "b"}}},
		parseWrites("# a comment\na\nPOST /v1/Things\nDELETE /v1/Things/{Sid}\nb\nPOST /v1/Hooks\nPOST /v1/Others\n"),
	)
	for _, test := range []struct{ name, product, method, path, want string }{
		{"a row", "a", "POST", "/v1/Things", "things.create"},
		{"a row in an undocumented version", "a", "POST", "/v7/things", "things.create"},
		{"a row by another method", "a", "PUT", "/v1/Things", "things.create"},
		{"a literal segment before one of any value", "a", "POST", "/v1/Things/All", "things.all"},
		{"a segment of any value", "a", "POST", "/v1/Things/1", "things.update"},
		{"the method that a row with URLs leaves out", "a", "DELETE", "/v1/Things/1", "urls.set"},
		{"a row that only sets URLs", "b", "POST", "/v1/Hooks", "urls.set"},
		{"a row that only sets URLs, in an undocumented version", "b", "POST", "/v7/Hooks", "unlisted"},
		{"a documented write", "b", "POST", "/v1/Others", "inert"},
		{"another write", "b", "POST", "/v1/Strange", "unlisted"},
		{"a row of another product", "b", "POST", "/v1/Things", "unlisted"},
		{"a row among all products", anyProduct, "POST", "/v1/Things", "things.create"},
		{"a write among all products", anyProduct, "POST", "/v1/Others", "inert"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := rt.find(test.product, test.method, split(test.path)).name; got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
	if !contains(rt.destinations, "Receiver") || !contains(rt.destinations, "HookUrl") || contains(rt.destinations, "Version") {
		t.Errorf("destinations are %v", rt.destinations)
	}
}
