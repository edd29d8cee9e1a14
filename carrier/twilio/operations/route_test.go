package operations

import (
	"fmt"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
)

func TestRoutes(t *testing.T) {
	for _, test := range []struct {
		name, method, host, path string
		body                     bool
		want                     string // name, product, whether the host is known, account
	}{
		{"a read", "GET", "api.twilio.com", messagePath + ".json", false, "read api true " + account},
		{"a read of another kind", "OPTIONS", "api.twilio.com", messagePath, false, "read api true " + account},
		{"a read with a body", "GET", "api.twilio.com", messagePath, true, "messages.create api true " + account},
		{"any other method", "PUT", "api.twilio.com", messagePath, false, "messages.create api true " + account},
		{"an unknown method", "FOO", "api.twilio.com", messagePath, false, "messages.create api true " + account},
		{"a method in small letters", "get", "api.twilio.com", messagePath, false, "messages.create api true " + account},
		{"a host with a port", "POST", "api.twilio.com:443", messagePath, true, "messages.create api true " + account},
		{"a host in capitals with a dot", "POST", "API.TWILIO.COM.", messagePath, true, "messages.create api true " + account},
		{"a customer's own host", "POST", "gate.example", messagePath, true, "messages.create api true " + account},
		{"no host", "POST", "", messagePath, true, "messages.create api true " + account},
		{"a region", "POST", "api.dublin.ie1.twilio.com", messagePath, true, "messages.create api true " + account},
		{"a label of no region", "POST", "api.fence.twilio.com", messagePath, true, "messages.create api false " + account},
		{"no product of Twilio's", "POST", "www.twilio.com", messagePath, true, "messages.create api false " + account},
		{"the domain alone", "POST", "twilio.com", messagePath, true, "messages.create api false " + account},
		{"a domain that ends alike", "POST", "eviltwilio.com", messagePath, true, "messages.create api true " + account},
		{"another product", "POST", "verify.twilio.com", messagePath, true, "unlisted verify true "},
		{"an escape in the path", "POST", "api.twilio.com", strings.Replace(messagePath, "Messages", "%4Dessages", 1), true, "messages.create api true " + account},
		{"an unknown extension", "POST", "api.twilio.com", messagePath + ".foo.json", true, "messages.create api true " + account},
		{"a path too long", "POST", "api.twilio.com", strings.Repeat("/a", 20), true, "unlisted api true "},
		{"the root", "POST", "api.twilio.com", "/", true, "unlisted api true "},
		{"an upload", "POST", "mcs.twilio.com", "/v1/Services/IS1/Media", true, "upload mcs true "},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &carrier.Request{Method: test.method, Host: test.host, Path: test.path, HasBody: test.body}
			op := Route(r, "api")
			if got := fmt.Sprintf("%s %s %t %s", op.Name, op.Product, op.HostKnown, op.Account); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			if isSafe := op.Name == "read" || op.Name == "upload"; op.Safe != isSafe {
				t.Errorf("safe: %t", op.Safe)
			}
		})
	}
}

// routeName is the name of the operation that a request is for.
func routeName(method, product, path string, anyProduct bool) string {
	r := &carrier.Request{Method: method, Host: product + ".twilio.com", Path: path, HasBody: true, AnyProduct: anyProduct}
	return Route(r, "api").Name
}

func TestWhichRowIsFound(t *testing.T) {
	for _, test := range []struct {
		name, method, product, path, want string
	}{
		{"a literal segment before any", "POST", "numbers", "/v2/HostedNumber/Orders/Bulk", "hosted_number_orders.create"},
		{"any segment", "POST", "numbers", "/v2/HostedNumber/Orders/HR1", "hosted_number_orders.update"},
		{"a row that leaves a method to others", "DELETE", "numbers", "/v2/HostedNumber/Orders/HR1", "inert"},
		{"a literal segment that leads nowhere", "POST", "messaging", "/v1/Services/PreregisteredUsa2p/PhoneNumbers", "inert"},
		{"a key that is made", "POST", "api", "/2010-04-01/Accounts/AC1/Keys.json", "keys.create"},
		{"a key that is changed", "PUT", "api", "/2010-04-01/Accounts/AC1/Keys/SK1.json", "keys.update"},
		{"a key that is deleted", "DELETE", "api", "/2010-04-01/Accounts/AC1/Keys/SK1.json", "inert"},
		{"a safe number that is taken off", "DELETE", "verify", "/v2/SafeList/Numbers/%2B1", "safe_list.change"},
		{"a judged row by another method", "PATCH", "verify", verifyPath, "verifications.create"},
		{"a listed row", "POST", "video", "/v1/Rooms", "inert"},
		{"a listed row in another letter case", "POST", "video", "/V1/rooms/", "inert"},
		{"a listed row by another method", "PATCH", "video", "/v1/Rooms", "unlisted"},
		{"a listed row by a method in small letters", "post", "video", "/v1/Rooms", "unlisted"},
		{"a listed row of another product", "POST", "voice", "/v1/Rooms", "unlisted"},
		{"a listed row in another version", "POST", "video", "/v9/Rooms", "unlisted"},
		{"a listed row with one segment more", "POST", "video", "/v1/Rooms/RM1/x", "unlisted"},
		{"a listed row with an empty segment", "POST", "video", "/v1//Rooms", "unlisted"},
		{"an extension where it belongs", "POST", "messaging", "/v2/Indicators/Typing.json", "inert"},
		{"an extension where none belongs", "POST", "video", "/v1/Rooms.json", "unlisted"},
		{"a product without any rows", "POST", "monitor", "/v1/Alerts", "unlisted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := routeName(test.method, test.product, test.path, false); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// Where all products are served at one place, every operation is found whatever
// the host says, and what is judged comes before what is only listed.
func TestEveryOperationIsFoundAtOnePlace(t *testing.T) {
	for _, w := range writesOfTheLibrary(t) {
		alone, together := routeName(w.method, w.product, w.path, false), routeName(w.method, "api", w.path, true)
		if together != alone && (alone != "inert" && alone != "upload" || together == "unlisted") {
			t.Errorf("%s %s %s is %s alone and %s among all", w.method, w.product, w.path, alone, together)
		}
		if shouted := routeName(w.method, w.product, strings.ToUpper(w.path)+"/", false); shouted != alone {
			t.Errorf("%s %s %s is %s, in capitals %s", w.method, w.product, w.path, alone, shouted)
		}
	}
}
