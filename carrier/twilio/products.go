package twilio

import (
	"net"
	"slices"
	"strings"
)

// domain of all of Twilio's API hosts: a product's host is its name before it.
const domain = "twilio.com"

// products are the names of Twilio's API products, after the servers in
// Twilio's OpenAPI descriptions (github.com/twilio/twilio-oai, 2026-04-14) and,
// for the last rows, Twilio's documentation.
var products = []string{
	"api", "accounts", "assistants", "bulkexports", "chat", "content",
	"conversations", "events", "flex-api", "frontline-api", "iam", "insights",
	"intelligence", "ip-messaging", "knowledge", "lookups", "marketplace",
	"messaging", "microvisor", "monitor", "notify", "numbers", "oauth",
	"preview", "pricing", "proxy", "routes", "serverless", "studio",
	"supersim", "sync", "taskrouter", "trunking", "trusthub", "verify",
	"video", "voice", "wireless",
	"comms", "mcs", "media", "memory", "preview-iam", "serverless-upload",
}

// streamed are products that take uploads of any size and type and can reach
// no phone.
var streamed = []string{"mcs", "media", "serverless-upload", "sync"}

// productOfHost tells which product a host name belongs to. A name outside
// Twilio's domain is a customer's own and belongs to the product given; one
// inside it that names no product is not known (regional names among them).
func productOfHost(host, product string) (string, bool) {
	if strings.IndexByte(host, ':') >= 0 {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host != domain && !strings.HasSuffix(host, "."+domain) {
		return product, true
	}
	name := strings.TrimSuffix(strings.TrimSuffix(host, domain), ".")
	return name, slices.Contains(products, name)
}

// upstreams is where requests to each product go.
var upstreams = func() map[string]string {
	m := make(map[string]string, len(products))
	for _, product := range products {
		m[product] = product + "." + domain + ":443"
	}
	return m
}()
