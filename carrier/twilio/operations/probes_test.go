package operations

import (
	"net/http"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
)

const (
	checkedAccount = "AC11111111111111111111111111111111"
	organization   = "OR11111111111111111111111111111111"
)

// fillRow is a path that the row of an operation speaks for.
func fillRow(o *operation) string {
	segments := strings.Split(strings.ReplaceAll(o.path, AccountSid, checkedAccount), "/")
	for i, segment := range segments {
		switch segment {
		case "{Version}":
			segments[i] = "v1"
		case "{OrganizationSid}":
			segments[i] = organization
		}
	}
	return strings.NewReplacer("{", "", "}", "").Replace(strings.Join(segments, "/"))
}

// requestOf is the request that a check makes on the host of a product.
func requestOf(product string, c carrier.Probe) *carrier.Request {
	return &carrier.Request{
		Method: c.Method, Host: product + ".twilio.com", Path: c.Path, RawQuery: c.RawQuery, HasBody: c.Body != "",
		Header: http.Header{"Content-Type": {c.ContentType}},
	}
}

func TestEveryProductThatCanBeDeniedHasAProbeThatReachesNoOne(t *testing.T) {
	for _, row := range api.operations {
		if row.kind == carrier.Inert {
			continue
		}
		r := request(row.product, fillRow(row), formType)
		op := Route(r, "api")
		for _, account := range []string{checkedAccount, ""} {
			check, ok := Carrier.(carrier.CredentialProber).Probe(r, op, account, false)
			if !ok {
				t.Errorf("%s %s: no check in account %q", row.product, row.path, account)
				continue
			}
			if strings.ContainsAny(check.Path+check.RawQuery, "{}") {
				t.Errorf("%s?%s is not filled", check.Path, check.RawQuery)
			}
			asked := requestOf(row.product, check)
			found := Route(asked, "api")
			if found.Product != row.product || !found.HostKnown {
				t.Errorf("%s %s is checked on %s", row.product, row.path, found.Product)
			}
			intent, err := Carrier.Read(asked, found, []byte(check.Body))
			switch {
			case err != nil || len(intent.Sends) > 0 || len(intent.Controls) > 0 || intent.Stored:
				t.Errorf("%s%s asks for %s, %v", row.product, check.Path, describeIntent(intent), err)
			case found.Safe || found.Kind == carrier.Inert:
			case found.Kind == carrier.Sending && check.Body == "{}" && len(found.Row.(*operation).fields) > 0:
			default:
				t.Errorf("%s%s is neither inert nor a send without its destination", row.product, check.Path)
			}
		}
	}
}
