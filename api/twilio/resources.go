package twilio

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/apierrors"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/refusal"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Request is a request for one of the resources.
type Request struct {
	Method string
	// Path as the client wrote it, and Query and Form its parameters.
	Path        string
	Query, Form url.Values
	// RawQuery is the query as the client wrote it.
	RawQuery string
	// Base is the scheme, the host and any prefix of paths that links lead back to.
	Base string
	// Subject is whose permissions it is about. It is nil if the client may not know of the
	// account that it names.
	Subject *policy.Subject
	// Account is the same, to be edited.
	Account permissions.EditedAccount
	// Caller is who asks.
	Caller permissions.Caller
	// MayWrite says that the configuration lets the credential change permissions.
	MayWrite bool
}

// Resources answers requests.
type Resources struct {
	// Service makes changes. It is nil without a store.
	Service *permissions.Service
}

// resource is one of Twilio's. Its path has "{…}" for one segment of any value.
type resource struct {
	product, method, path string
	writes                bool
	answer                func(*Resources, context.Context, *Request, string) Answer
}

// resources are those that are answered (https://www.twilio.com/docs/voice/api/dialingpermissions-resources,
// https://www.twilio.com/docs/messaging/guides/sms-geo-permissions).
var resources = []resource{
	{"voice", http.MethodGet, "/v1/DialingPermissions/Countries", false, (*Resources).listCountries},
	{"voice", http.MethodGet, "/v1/DialingPermissions/Countries/{IsoCode}", false, (*Resources).country},
	{"voice", http.MethodGet, "/v1/DialingPermissions/Countries/{IsoCode}/HighRiskSpecialPrefixes", false, (*Resources).specialPrefixes},
	{"voice", http.MethodPost, "/v1/DialingPermissions/BulkCountryUpdates", true, (*Resources).updateCountries},
	{"voice", http.MethodGet, "/v1/Settings", false, (*Resources).settings},
	{"voice", http.MethodPost, "/v1/Settings", true, (*Resources).updateSettings},
	{"accounts", http.MethodGet, "/v1/Messaging/GeoPermissions", false, (*Resources).geoPermissions},
	{"accounts", http.MethodPatch, "/v1/Messaging/GeoPermissions", true, (*Resources).updateGeoPermissions},

	// https://www.twilio.com/docs/usage/global-safe-list, https://www.twilio.com/docs/verify/api/safe-list
	{"accounts", http.MethodGet, "/v1/SafeList/Numbers", false, (*Resources).safeNumber},
	{"accounts", http.MethodPost, "/v1/SafeList/Numbers", true, (*Resources).addSafeNumber},
	{"accounts", http.MethodDelete, "/v1/SafeList/Numbers", true, (*Resources).removeSafeNumber},
	{"verify", http.MethodPost, "/v2/SafeList/Numbers", true, (*Resources).addSafeNumber},
	{"verify", http.MethodGet, "/v2/SafeList/Numbers/{PhoneNumber}", false, (*Resources).safeNumber},
	{"verify", http.MethodDelete, "/v2/SafeList/Numbers/{PhoneNumber}", true, (*Resources).removeSafeNumber},

	// https://www.twilio.com/docs/usage/monitor-alert
	{monitor, http.MethodGet, alertsPath, false, (*Resources).listAlerts},
	{monitor, http.MethodGet, alertsPath + "/{Sid}", false, (*Resources).alert},

	// https://www.twilio.com/docs/usage/monitor-events
	{monitor, http.MethodGet, eventsPath, false, (*Resources).listEvents},
	{monitor, http.MethodGet, eventsPath + "/{Sid}", false, (*Resources).event},
}

// Has reports whether a request is for one of the resources, and whether it would write. It is
// asked for every request: most are for a product that has none.
func Has(product, method string, target *url.URL) (writes, ok bool) {
	if !slices.ContainsFunc(resources, func(r resource) bool { return r.product == product }) {
		return false, false
	}
	found, _, ok := find(product, method, target.EscapedPath())
	return ok && found.writes, ok
}

// find finds the resource of a request, and what stands for the segment of any value.
func find(product, method, path string) (found *resource, segment string, ok bool) {
	asked := strings.Split(strings.TrimSuffix(path, "/"), "/")
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for i := range resources {
		r := &resources[i]
		if r.product != product || r.method != method {
			continue
		}
		if segment, ok := matches(strings.Split(r.path, "/"), asked); ok {
			return r, segment, true
		}
	}
	return nil, "", false
}

func matches(pattern, asked []string) (segment string, ok bool) {
	if len(pattern) != len(asked) {
		return "", false
	}
	for i, part := range pattern {
		switch {
		case strings.HasPrefix(part, "{"):
			decoded, err := url.PathUnescape(asked[i])
			if err != nil {
				return "", false
			}
			segment = decoded
		case !strings.EqualFold(part, asked[i]):
			return "", false
		}
	}
	return segment, true
}

// Answer answers a request for a product's resource. One that is not among them is not found.
func (s *Resources) Answer(ctx context.Context, product string, r *Request) Answer {
	found, segment, ok := find(product, r.Method, r.Path)
	switch {
	case !ok || r.Subject == nil:
		return notFound(r)
	case found.writes && (!r.MayWrite || s.Service == nil):
		return refuse(apierrors.Forbidden, nil)
	}
	if found.writes {
		if refused := checkParameters(r, found.path); refused != nil {
			return *refused
		}
	}
	return found.answer(s, ctx, r, segment)
}

// notFound names the path as all hosts of products do, of which monitor is one.
func notFound(r *Request) Answer {
	return refuse(apierrors.NotFound, map[string]string{"Path": refusal.EchoedPath(r.Path, monitor)})
}
