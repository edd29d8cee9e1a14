package numbering

import (
	"net/url"
	"strings"
)

// readSIP reads "user@host;parameters?headers" (RFC 3261, section 19.1), with
// or without its scheme. Without one it may be an e-mail address as well, which
// no carrier dials.
func (r *Reader) readSIP(reading *Reading, address string, medium Medium) {
	reading.Meaning = Unreadable
	address, _, _ = strings.Cut(address, "?")
	user, host, hasUser := strings.Cut(address, "@")
	if !hasUser {
		user, host = "", address
	}
	if strings.Contains(host, "@") || strings.ContainsAny(host, "%<> ") {
		return
	}
	host, parameters, _ := strings.Cut(strings.ToLower(host), ";")
	dials, carrier := r.sipHost(host)
	if hasParameter(parameters, "user", "phone") {
		dials, carrier = true, true
	}
	if !carrier {
		reading.Meaning = NotANumber
		return
	}

	user, err := url.PathUnescape(user)
	if err != nil {
		return
	}
	// What follows ":" is a password, what follows ";" parameters.
	if i := strings.IndexAny(user, ":;"); i >= 0 {
		user = user[:i]
	}
	user = fold(user)
	r.readDialled(reading, user, ForMessage) // letters in a user name are a name
	if dials || strings.HasPrefix(user, "+") {
		return
	}
	// A registered device may be named by digits: only what is a number counts.
	for _, n := range reading.Numbers {
		if n.Owner.Listed {
			return
		}
	}
	reading.Numbers = nil
	reading.Meaning = NotANumber
}

// sipHost tells whether SIP addresses at a host can stand for numbers.
func (r *Reader) sipHost(host string) (dials, carrier bool) {
	if !strings.HasPrefix(host, "[") {
		host, _, _ = strings.Cut(host, ":")
	}
	host = strings.TrimSuffix(host, ".")
	longest := 0
	for _, h := range r.Dialect.SIPHosts {
		if len(h.Suffix) > longest && (host == h.Suffix || strings.HasSuffix(host, "."+h.Suffix)) {
			longest, dials, carrier = len(h.Suffix), h.Dials, true
		}
	}
	return dials, carrier
}

func hasParameter(parameters, name, value string) bool {
	for p := range strings.SplitSeq(parameters, ";") {
		key, v, _ := strings.Cut(p, "=")
		if strings.TrimSpace(key) == name && strings.TrimSpace(v) == value {
			return true
		}
	}
	return false
}
