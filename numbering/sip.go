package numbering

import (
	"net/netip"
	"net/url"
	"strings"
)

// readSIP reads "user@host;parameters?headers" (RFC 3261, section 19.1), with
// or without its scheme. Without one it may be an e-mail address as well, which
// no carrier dials.
func (r *Reader) readSIP(reading *Reading, address string) {
	reading.Meaning = Unreadable
	user, host, hasUser := strings.Cut(address, "@")
	if !hasUser {
		user, host = "", address
	}
	if strings.Contains(host, "@") {
		// Some readers take the first "@" and others the last.
		return
	}
	host, _, _ = strings.Cut(strings.ToLower(host), "?")
	host, parameters, _ := strings.Cut(host, ";")
	host, ok := hostName(host)
	if !ok || strings.Contains(parameters, "%") {
		return
	}
	dials, carrier := r.sipHost(host)
	if hasParameter(parameters, "user", "phone") {
		dials, carrier = true, true
	}
	if !carrier {
		// What is not plain may turn into another host on the way.
		if isPlain(afterAt(reading.Text, hasUser)) {
			reading.Meaning = NotANumber
		}
		return
	}

	user, err := url.PathUnescape(user)
	if err != nil || mixesDigits(user) {
		return
	}
	user, _, _ = strings.Cut(user, ":") // a password follows
	user = fold(user)
	// Trunks have no national numbers: the digits are a whole number to them,
	// in a range that the plan knows or not. Letters are a name.
	trunk := *r
	trunk.NationalStrict = true
	trunk.readDialled(reading, user, ForMessage)
	if dials {
		r.addWhole(reading, user)
		return
	}
	if strings.HasPrefix(user, "+") {
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

// addWhole adds the number that digits are with nothing put before them.
func (r *Reader) addWhole(reading *Reading, user string) {
	digits := keepDigits(user, false)
	if _, us := usNumber(digits); !us || digits[0] == '1' || reading.Meaning == Unreadable {
		return
	}
	reading.Meaning = Numbers
	for _, n := range reading.Numbers {
		if n.Digits == digits {
			return
		}
	}
	reading.Numbers = append(reading.Numbers, Number{digits, r.Plan.Lookup(digits)})
}

// hostName is a host without its port and the dot of the root; it fails on what
// is no name and no IP address, a number without "@" for one.
func hostName(host string) (string, bool) {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, _, _ = strings.Cut(inner, "]")
		_, err := netip.ParseAddr(inner)
		return host, err == nil
	}
	host, _, _ = strings.Cut(host, ":")
	host = strings.TrimRight(host, ".")
	isName := false
	for _, c := range host {
		switch {
		case c >= 0x80 || 'a' <= c && c <= 'z':
			isName = true
		case '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_':
		default:
			return "", false
		}
	}
	_, err := netip.ParseAddr(host)
	return host, isName || err == nil
}

// afterAt is the part of a text behind its "@", if it is to have one.
func afterAt(text string, hasAt bool) string {
	text = strings.TrimSpace(text)
	if hasAt {
		// Another "@" than ASCII's leaves the whole text.
		_, after, found := strings.Cut(text, "@")
		if found {
			return after
		}
	}
	return text
}

// sipHost tells whether SIP addresses at a host can stand for numbers.
func (r *Reader) sipHost(host string) (dials, carrier bool) {
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
