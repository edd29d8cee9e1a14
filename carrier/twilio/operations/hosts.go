package operations

import (
	"net"
	"slices"
	"strings"
)

// Domain of all of Twilio's API hosts: a product's host is its name before it, with an
// edge and a region between them if they are not the default ones.
const Domain = "twilio.com"

// port of all of them.
const port = ":443"

// Products are the names of Twilio's API products, after the servers in
// Twilio's OpenAPI descriptions (github.com/twilio/twilio-oai, 2026-04-14) and,
// for the last rows, Twilio's documentation.
var Products = []string{
	"api", "accounts", "assistants", "bulkexports", "chat", "content",
	"conversations", "events", "flex-api", "frontline-api", "iam", "insights",
	"intelligence", "ip-messaging", "knowledge", "lookups", "marketplace",
	"messaging", "microvisor", "monitor", "notify", "numbers", "oauth",
	"preview", "pricing", "proxy", "routes", "serverless", "studio",
	"supersim", "sync", "taskrouter", "trunking", "trusthub", "verify",
	"video", "voice", "wireless",
	"webhooks",
	"comms", "mcs", "media", "memory", "preview-iam", "preview.messaging", "serverless-upload",
}

// Edges are where requests enter Twilio's network
// (https://www.twilio.com/docs/global-infrastructure/edge-locations).
var Edges = []string{
	"ashburn", "dublin", "frankfurt", "roaming", "sao-paulo", "singapore", "sydney", "tokyo", "umatilla",
	"ashburn-ix", "london-ix", "frankfurt-ix", "san-jose-ix", "singapore-ix", "sydney-ix", "tokyo-ix",
}

// Regions are where requests are processed, us1, ie1, au1 and jp1
// (https://www.twilio.com/docs/global-infrastructure/understanding-twilio-regions,
// https://www.twilio.com/docs/twilio-cli/general-usage/regional), and the former names
// of edges
// (https://www.twilio.com/docs/global-infrastructure/edge-locations/legacy-regions).
var Regions = []string{
	"us1", "ie1", "au1", "jp1",
	"us2", "br1", "de1", "sg1", "gll",
	"us1-ix", "us2-ix", "ie1-ix", "de1-ix", "sg1-ix", "jp1-ix", "au1-ix",
}

// place is what a host name states: a product, and the upstream of its requests.
type place struct {
	product, upstream string
	// known reports whether the tables know the host, and elsewhere whether it names an
	// edge or a region.
	known, elsewhere bool
}

// placeOfHost finds the place of a host name. A name outside Twilio's domain is the
// customer's own and belongs to the given product. So does a name inside it that is not
// product[.edge][.region], but that one is unknown. The upstream consists only of names
// in the tables. An unknown host is unknown for reads too: forwarding to the host that
// the client names would hand it a credential.
func placeOfHost(host, product string) place {
	unknown := place{product: product, upstream: places[product].upstream}
	if strings.IndexByte(host, ':') >= 0 {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	name, isTwilio := strings.CutSuffix(host, "."+Domain)
	if !isTwilio {
		unknown.known = host != Domain
		return unknown
	}
	if usual, ok := places[name]; ok {
		return usual
	}
	// The labels after the product, last first.
	name, region := cutLabel(name, Regions)
	name, edge := cutLabel(name, Edges)
	i := slices.Index(Products, name)
	if i < 0 || region == "" {
		return unknown
	}
	found := place{product: Products[i], known: true, elsewhere: true}
	if edge == "" {
		found.upstream = found.product + "." + region + "." + Domain + port
	} else {
		found.upstream = found.product + "." + edge + "." + region + "." + Domain + port
	}
	return found
}

// cutLabel cuts the last label off a name if it is in the list, and returns the list's
// label.
func cutLabel(name string, labels []string) (rest, label string) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return name, ""
	}
	i := slices.Index(labels, name[dot+1:])
	if i < 0 {
		return name, ""
	}
	return name[:dot], labels[i]
}

// places has the place of each product without an edge or region.
var places = func() map[string]place {
	m := make(map[string]place, len(Products))
	for _, product := range Products {
		m[product] = place{product: product, upstream: product + "." + Domain + port, known: true}
	}
	return m
}()

// streamed are products that accept uploads of any size and type and reach no phone.
var streamed = []string{"mcs", "media", "serverless-upload", "sync"}

// uploads are the paths of those products whose bodies are files. They identify an
// upload where one host serves all products
// (https://www.twilio.com/docs/conversations/media-support-conversations,
// https://www.twilio.com/docs/serverless/api/resource/function-version,
// https://www.twilio.com/docs/serverless/api/resource/asset-version).
var uploads = []string{
	"/{Version}/Services/{ServiceSid}/Media",
	"/{Version}/Services/{ServiceSid}/Functions/{FunctionSid}/Versions",
	"/{Version}/Services/{ServiceSid}/Assets/{AssetSid}/Versions",
}
