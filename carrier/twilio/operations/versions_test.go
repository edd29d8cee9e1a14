package operations

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// Whatever the libraries do is documented, also where all products are at one place.
func TestEveryWriteOfTheLibrariesIsDocumented(t *testing.T) {
	for _, w := range writesOfTheLibrary(t) {
		for _, anyProduct := range []bool{false, true} {
			r := request(w.product, w.path, formType)
			r.Method, r.AnyProduct = w.method, anyProduct
			if op := Route(r, "api"); op.Undocumented {
				t.Errorf("%s %s %s, any product %t: %s is not", w.product, w.method, w.path, anyProduct, op.Name)
			}
		}
	}
}

// And every row can be had.
func TestEveryRowIsDocumentedInSomeVersion(t *testing.T) {
	for _, o := range api.operations {
		known := o.documented
		if len(known) == 0 {
			known = []documented{{"POST", map[bool]string{true: "2010-04-01", false: "v1"}[o.product == "api"]}}
		}
		for _, d := range known {
			path := strings.ReplaceAll(o.path, versionSegment, d.version)
			if !o.isDocumented(d.method, strings.Split(path[1:], "/")) {
				t.Errorf("%s %s is not, by %s", o.product, path, d.method)
			}
		}
	}
}

func TestWhatIsNotDocumented(t *testing.T) {
	for _, test := range []struct {
		method, product, path string
		want                  bool // undocumented
	}{
		{"POST", "api", messagePath + ".json", false},
		{"PUT", "api", messagePath + ".json", true},
		{"PATCH", "api", messagePath, true},
		{"DELETE", "api", messagePath, true},
		{"GET", "api", messagePath, true}, // with a body
		{"post", "api", messagePath, true},
		{"FOO", "api", messagePath, true},
		{"POST", "api", strings.Replace(messagePath, "2010-04-01", "2008-08-01", 1), true},
		{"POST", "api", strings.Replace(messagePath, "2010-04-01", "v1", 1), true},
		{"POST", "verify", "/v2/Services/VA1/Verifications", false},
		{"POST", "verify", "/v1/Services/VA1/Verifications", true},
		{"POST", "verify", "/V2/Services/VA1/Verifications", true},
		{"DELETE", "verify", "/v2/SafeList/Numbers/1", false},
		{"PUT", "conversations", "/v2/Conversations/CH1/Participants/MB1", false},
		{"POST", "comms", "/v1/Messages", false},
		{"POST", "comms", "/v2/Messages", true},
		{"POST", "wireless", "/v1/Unheard", false}, // but unlisted
	} {
		r := &carrier.Request{Method: test.method, Host: test.product + ".twilio.com", Path: test.path, HasBody: true}
		if op := Route(r, "api"); op.Undocumented != test.want {
			t.Errorf("%s %s %s, %s: %t", test.method, test.product, test.path, op.Name, op.Undocumented)
		}
	}
}
