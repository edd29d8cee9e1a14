package address

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// readSIP reads "user@host;parameters?headers" (RFC 3261, section 19.1), with
// or without its scheme. Without one it may be an e-mail address as well, which
// no carrier dials.
func (r *Reader) readSIP(reading *Reading, address string, medium Medium) {
	reading.Meaning = Unreadable
	user, host, hasUser := strings.Cut(address, "@")
	if !hasUser {
		user, host = "", address
	}
	if strings.Contains(host, "@") {
		// Some readers take the first "@" and others the last.
		return
	}
	host, headers, _ := strings.Cut(strings.ToLower(host), "?")
	host, parameters, _ := strings.Cut(host, ";")
	host, ok := hostName(host)
	if !ok || strings.Contains(parameters, "%") {
		return
	}
	dials, carrier := r.sipHost(host)
	if hasParameter(parameters, "user", "phone") {
		dials, carrier = true, true
	}
	name, isName := sipUser(user)
	if !carrier {
		// What is not plain may turn into another host on the way, and a number may be
		// led elsewhere by what stands behind the host, or taken out by a reader that knows
		// no e-mail addresses.
		isLed := reading.Scheme == "" || !r.leadsNowhere(parameters, headers)
		if isPlain(afterAt(reading.Text, hasUser)) && !(isLed && (!isName || isNumberLike(name))) {
			reading.Meaning = NotANumber
		}
		return
	}
	if !isName {
		return
	}
	if medium.isCall() && dials && r.readShort(reading, name) {
		return
	}
	// A registered device may be named by digits. What begins with a plus sign is a
	// number wherever it is.
	if !dials && !strings.HasPrefix(name, "+") {
		reading.Meaning = NotANumber
		return
	}
	// Trunks have no national numbers: the digits are a whole number to them,
	// in a range that the plan knows or not. Letters are a name.
	trunk := *r
	trunk.NationalStrict, trunk.International, trunk.From = true, false, nil
	trunk.readDialled(reading, name, ForMessage)
	if dials {
		r.addWhole(reading, name)
	}
}

// sipUser decodes the user of a SIP address, without a password. It fails where two
// readers could take it differently.
func sipUser(user string) (name string, ok bool) {
	user, err := url.PathUnescape(user)
	if err != nil || mixesDigits(user) {
		return "", false
	}
	user, _, _ = strings.Cut(user, ":") // a password follows
	return fold(user)
}

// isNumberLike reports whether the user of an address is a number, or begins like one.
func isNumberLike(name string) bool {
	if strings.HasPrefix(strings.TrimLeft(name, separators+`"<`), "+") {
		return true
	}
	if len(name) > maxDialled {
		return ContainsNumber(name)
	}
	var room waysRoom
	for _, way := range dialled(name, false, room[:0]) {
		if len(way.text) >= shortestNumber {
			return true
		}
	}
	return false
}

// leadsNowhere reports whether the parameters and headers of a SIP address, in lower
// case, say nothing of where it leads: those that the carrier's table has, and headers
// of the customer's own.
func (r *Reader) leadsNowhere(parameters, headers string) bool {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, _, _ := strings.Cut(parameter, "=")
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(r.Dialect.SIPParameters, name) {
			return false
		}
	}
	for header := range strings.SplitSeq(headers, "&") {
		if header = strings.TrimSpace(header); header != "" && !strings.HasPrefix(header, "x-") {
			return false
		}
	}
	return true
}

// addWhole adds the number that digits are with nothing put before them.
func (r *Reader) addWhole(reading *Reading, user string) {
	digits := keepDigits(user, false)
	if _, us := usNumber(digits); !us || digits[0] == '1' || reading.Meaning == Unreadable {
		return
	}
	reading.Meaning = Numbers
	if !reading.Numbers.has(digits) {
		reading.Numbers.add(&Number{digits, r.Plan.Lookup(digits)})
	}
}

// hostName is a host without its port and the dot of the root; it fails on what
// is neither a name nor an IP address, a number without "@" for one.
func hostName(host string) (string, bool) {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, _, _ = strings.Cut(inner, "]")
		_, err := netip.ParseAddr(inner)
		return inner, err == nil
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
	return host, isName && !endsInNumber(host) || err == nil
}

// endsInNumber reports whether a name is an address to lenient readers, such as
// "54.172.0x3c.1": no domain ends in a number
// (https://url.spec.whatwg.org/#ends-in-a-number-checker).
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
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

// sipHost reports whether SIP addresses at a host can stand for numbers.
func (r *Reader) sipHost(host string) (dials, carrier bool) {
	if address, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		for _, network := range r.Dialect.SIPNetworks {
			if network.Contains(address.Unmap().WithZone("")) {
				return true, true
			}
		}
		return false, false
	}
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
