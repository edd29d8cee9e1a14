package config

import (
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/caddy-tollgate/tollgate/policy"
)

// headerDimension reads the name of a header, of a dimension such as "header:X-User-Id". The
// error completes a sentence.
func headerDimension(name string) (policy.Dimension, error) {
	d := policy.Dimension{By: policy.ByHeader, Header: textproto.CanonicalMIMEHeaderKey(name)}
	switch {
	case !httpguts.ValidHeaderFieldName(name) || len(name) > maxName:
		return d, errors.New(`: write the name of a header, such as "header:X-User-Id"`)
	case slices.Contains(notOfUsers, d.Header):
		return d, fmt.Errorf(": %s is not an id of a user, but part of how the request gets here", d.Header)
	}
	return d, nil
}

// notOfUsers are headers that hold credentials, that are of one connection (RFC 9110, sections
// 7.6.1 and 11; RFC 6265, section 5.4), or that the server takes out of the header.
var notOfUsers = []string{
	"Authorization", "Proxy-Authorization", "Proxy-Authenticate", "Cookie",
	"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
	"Content-Length", "Host",
}

// canonicalLimits are limits with the names of headers in canonical form.
func canonicalLimits(limits []Limit) []Limit {
	limits = slices.Clone(limits)
	for i := range limits {
		limits[i].Per = rewritten(limits[i].Per, canonicalDimension)
	}
	return limits
}

func canonicalDimension(text string) string {
	if name, ok := strings.CutPrefix(text, "header:"); ok && httpguts.ValidHeaderFieldName(name) {
		return "header:" + textproto.CanonicalMIMEHeaderKey(name)
	}
	return text
}
