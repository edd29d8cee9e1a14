package operations

import (
	"fmt"
	"strings"
	"testing"
)

func TestHosts(t *testing.T) {
	for _, test := range []struct {
		name, host, want string // product, upstream, whether the host is known
	}{
		{"a product", "verify.twilio.com", "verify verify.twilio.com:443 true"},
		{"a product of two labels", "preview.messaging.twilio.com", "preview.messaging preview.messaging.twilio.com:443 true"},
		{"a product that is in beta", "comms.twilio.com", "comms comms.twilio.com:443 true"},
		{"an edge and a region", "api.dublin.ie1.twilio.com", "api api.dublin.ie1.twilio.com:443 true"},
		{"an edge for interconnection", "voice.london-ix.ie1.twilio.com", "voice voice.london-ix.ie1.twilio.com:443 true"},
		{"a region", "api.us1.twilio.com", "api api.us1.twilio.com:443 true"},
		{"a region that is a former edge name", "api.ie1.twilio.com", "api api.ie1.twilio.com:443 true"},
		{"a product of two labels in a region", "preview.messaging.us1.twilio.com", "preview.messaging preview.messaging.us1.twilio.com:443 true"},
		{"capitals, a dot and a port", "API.Dublin.IE1.Twilio.COM.:8443", "api api.dublin.ie1.twilio.com:443 true"},
		{"a dot behind it", "verify.twilio.com.", "verify verify.twilio.com:443 true"},
		{"an edge alone", "api.dublin.twilio.com", "api api.twilio.com:443 false"},
		{"a region before an edge", "api.ie1.dublin.twilio.com", "api api.twilio.com:443 false"},
		{"two regions", "api.ie1.us1.twilio.com", "api api.twilio.com:443 false"},
		{"an unknown label", "api.fence.twilio.com", "api api.twilio.com:443 false"},
		{"a label before the product", "x.api.twilio.com", "api api.twilio.com:443 false"},
		{"a label between", "api.x.ie1.twilio.com", "api api.twilio.com:443 false"},
		{"a label that is empty", "api..ie1.twilio.com", "api api.twilio.com:443 false"},
		{"a region without a product", "ie1.twilio.com", "api api.twilio.com:443 false"},
		{"an edge and a region without a product", "dublin.ie1.twilio.com", "api api.twilio.com:443 false"},
		{"no product", "www.twilio.com", "api api.twilio.com:443 false"},
		{"the domain", "twilio.com", "api api.twilio.com:443 false"},
		{"a dot before the domain", ".twilio.com", "api api.twilio.com:443 false"},
		{"two dots behind it", "verify.twilio.com..", "api api.twilio.com:443 true"},
		{"a customer's own name", "gate.example", "api api.twilio.com:443 true"},
		{"a customer's own name that ends alike", "api.eviltwilio.com", "api api.twilio.com:443 true"},
		{"a customer's own name that begins alike", "verify.twilio.com.example", "api api.twilio.com:443 true"},
		{"an address", "192.0.2.1:8080", "api api.twilio.com:443 true"},
		{"none", "", "api api.twilio.com:443 true"},
	} {
		t.Run(test.name, func(t *testing.T) {
			place := placeOfHost(test.host, "api")
			if got := fmt.Sprintf("%s %s %t", place.product, place.upstream, place.known); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// Whatever a host says, the upstream is one that the tables make.
func TestUpstreamsComeFromTheTables(t *testing.T) {
	made := map[string]bool{}
	for _, product := range Products {
		made[product+".twilio.com:443"] = true
		for _, region := range Regions {
			made[product+"."+region+".twilio.com:443"] = true
			for _, edge := range Edges {
				host := product + "." + edge + "." + region + ".twilio.com"
				made[host+":443"] = true
				if place := placeOfHost(strings.ToUpper(host), "api"); !place.known || place.product != product || place.upstream != host+":443" {
					t.Errorf("%s is %+v", host, place)
				}
			}
		}
	}
	for _, host := range []string{"api.twilio.com@evil.example", "api.twilio.com/x", "evil.example#.ie1.twilio.com", "api.ie1.twilio.com:1:2", "[::1]:443", "api\x00.ie1.twilio.com"} {
		if place := placeOfHost(host, "api"); !made[place.upstream] {
			t.Errorf("%q goes to %q", host, place.upstream)
		}
	}
}
