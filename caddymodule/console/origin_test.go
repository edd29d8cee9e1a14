package console_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// Over HTTP without TLS, a browser does not say Sec-Fetch-Site to another machine: what is left is
// the origin of the page, which its own policy for referrers may hide.
func TestAFormOfItsOwnIsTakenOverHTTPByAName(t *testing.T) {
	g := startGate(t)
	b := openTab(t, "bob")
	b.open("http://gate.example:" + harness.Port(g.site) + pages + "now/incident")
	evaluate[bool](b, `document.querySelector("[name=prefix]").value = "+99890", document.querySelector("#block-reason").value = "pumping", true`)
	b.follow("form:has([value=block]) button")
	b.follow("main form button")
	if got := b.text(".note"); !strings.Contains(got, "is blocked") {
		t.Errorf("the form is answered with %s", b.text("#content"))
	}
}
