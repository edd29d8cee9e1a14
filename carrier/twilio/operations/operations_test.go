package operations

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// form writes parameters, given in pairs, as a form.
func form(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

// request is a POST to a product.
func request(product, path, contentType string) *carrier.Request {
	return &carrier.Request{
		Method: http.MethodPost, Host: product + ".twilio.com", Path: path, HasBody: true,
		Header: http.Header{"Content-Type": {contentType}},
	}
}

// describeIntent writes what a request asks for: "message +1…, call +1…?, code
// by call +1…, from +1…, stored, control keys". The question mark is for what
// need be no destination.
func describeIntent(i carrier.Intent) string {
	var found []string
	for _, s := range i.Sends {
		channel, mark := "message ", ""
		if s.Channel == policy.Voice {
			channel = "call "
		}
		if s.Tentative {
			mark = "?"
		}
		if s.Verification {
			channel = "code by " + channel
		}
		found = append(found, channel+s.To+mark)
	}
	for _, s := range i.Senders {
		found = append(found, "from "+s)
	}
	if i.Stored {
		found = append(found, "stored")
	}
	for _, control := range i.Controls {
		found = append(found, "control "+string(control))
	}
	return strings.Join(found, ", ")
}

func TestEveryOperationIsReadAsItsRowSays(t *testing.T) {
	unused := map[*operation]bool{api.unknown: true}
	for _, o := range api.operations {
		unused[o] = true
	}
	for _, test := range operationTests {
		contentType := formType
		if strings.HasPrefix(test.body, "{") {
			contentType = jsonType
		}
		method, path, isStated := strings.Cut(test.path, " ")
		if !isStated {
			method, path = http.MethodPost, test.path
		}
		r := request(test.product, path, contentType)
		r.Method = method
		op := Route(r, "api")
		delete(unused, op.Row.(*operation))
		intent, err := Carrier.Read(r, op, []byte(test.body))
		if got := describeIntent(intent); err != nil || op.Name != test.name || got != test.want {
			t.Errorf("%s%s %s\nis %s: %s %v\nwant %s: %s", test.product, test.path, test.body, op.Name, got, err, test.name, test.want)
		}
		if op.Upstream != test.product+".twilio.com:443" || !op.HostKnown || op.Product != test.product {
			t.Errorf("%s%s goes to %s", test.product, test.path, op.Upstream)
		}
		if op.Row.(*operation).readsParameters() && op.MaxBody == 0 {
			t.Errorf("%s%s: the body is not looked at", test.product, test.path)
		}
	}
	for row := range unused {
		t.Errorf("no request for %s %s", row.product, row.path)
	}
}

func TestWhereParametersStand(t *testing.T) {
	multipart := "--x\r\nContent-Disposition: form-data; name=\"To\"\r\n\r\n2\r\n--x--\r\n"
	for _, test := range []struct {
		name, query, contentType, body, want string
	}{
		{"in the query", "To=1", formType, "", "message 1"},
		{"in both", "To=1", formType, "To=2", "message 1, message 2"},
		{"in a multipart body", "To=1", "multipart/form-data; boundary=x", multipart, "message 1, message 2"},
		{"in a body without a type", "", "", "To=2", "message 2"},
		{"in a form that claims to be JSON", "", jsonType, "To=2", params.ErrContentType.Error()},
		{"in a charset that is not ours", "", formType + "; charset=utf-16", "To=2", params.ErrContentType.Error()},
		{"in a query that does not decode", "%zz=1", formType, "To=2", params.ErrUndecodable.Error()},
		{"beside a method", "", formType, "To=2&_method=PUT", params.ErrMethodOverride.Error()},
		{"beside a method in the query", "_METHOD=", formType, "To=2", params.ErrMethodOverride.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := request("api", messagePath, test.contentType)
			r.RawQuery = test.query
			intent, err := Carrier.Read(r, Route(r, "api"), []byte(test.body))
			got := describeIntent(intent)
			if err != nil {
				got = err.Error()
			}
			if got != test.want && !strings.Contains(got, test.want) || test.want == "" {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
