package twilio

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// monitor is the product with the records of what was changed and what was refused.
const monitor = "monitor"

// IsShared reports whether the carrier has records of its own of what a product's resources list.
// Those of the gate come first, and the carrier's follow. A request that the gate has nothing for
// is the carrier's.
func IsShared(product string) bool { return product == monitor }

// The tokens of pages that are the gate's begin like no token of the carrier's. One of them is
// that of the carrier's first page.
const (
	tokenPrefix  = "tollgate-"
	carriersPage = "PageToken=" + tokenPrefix + "carrier"
)

// CarriersQuery returns the query with which a client that knows of no gate asks the carrier for
// its first page. It is that of the link on the gate's last page, without its token.
func CarriersQuery(path, query string) (carriers string, ok bool) {
	if !strings.Contains(query, carriersPage) {
		return "", false
	}
	path = strings.TrimSuffix(path, "/")
	if !strings.EqualFold(path, alertsPath) && !strings.EqualFold(path, eventsPath) {
		return "", false
	}
	return without(query, func(pair string) bool { return pair == carriersPage })
}

// without is a query without some of its parts, and whether it had any of them.
func without(query string, leaves func(pair string) bool) (rest string, ok bool) {
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		if leaves(pair) {
			ok = true
			continue
		}
		kept = append(kept, pair)
	}
	return strings.Join(kept, "&"), ok
}

// recordPage is a page of records, the newest first.
type recordPage struct {
	number, size int
	// after names the last record of the page before, empty for the first page.
	after string
}

// readRecordPage reads which page a request asks for. One of the carrier's is not the gate's.
func readRecordPage(r *Request) (p recordPage, isCarriers bool, refused *Answer) {
	token := r.Query.Get("PageToken")
	after, ours := strings.CutPrefix(token, tokenPrefix)
	if token != "" && !ours {
		return p, true, nil
	}
	number, size, refused := numberAndSize(r)
	if refused == nil && number > 0 && token == "" {
		refused = refusedPage() // without a token it would be the first page once more
	}
	return recordPage{number, size, after}, false, refused
}

// meta says which page an answer is. After the last of the gate's comes the first of the
// carrier's, unless the gate alone answers.
func (p *recordPage) meta(r *Request, key, next string, alone bool) meta {
	asked, _ := without(r.RawQuery, func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		return pair == "" || err == nil && (name == "Page" || name == "PageToken")
	})
	link := func(parts ...string) string {
		query := strings.Join(parts, "&")
		if asked != "" {
			query = asked + "&" + query
		}
		return r.Base + r.Path + "?" + query
	}
	own := []string{"Page=" + strconv.Itoa(p.number)}
	if p.after != "" {
		own = append(own, "PageToken="+tokenPrefix+p.after)
	}
	m := meta{FirstPageURL: link("Page=0"), Key: key, Page: p.number, PageSize: p.size, URL: link(own...)}
	switch {
	case next != "":
		url := link("Page="+strconv.Itoa(p.number+1), "PageToken="+tokenPrefix+next)
		m.NextPageURL = &url
	case !alone:
		url := link(carriersPage)
		m.NextPageURL = &url
	}
	return m
}

// timesOf reads StartDate and EndDate: from, and before to. Both are inclusive, to the second that
// records show, or to the day.
func timesOf(r *Request) (from, to time.Time, refused *Answer) {
	const day = 24 * time.Hour
	read := func(name string) (at time.Time, unit time.Duration, ok bool) {
		text := r.Query.Get(name)
		if text == "" {
			return time.Time{}, 0, true
		}
		if at, err := time.Parse(time.DateOnly, text); err == nil {
			return at, day, true
		}
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
			if at, err := time.Parse(layout, text); err == nil {
				return at.UTC().Truncate(time.Second), time.Second, true
			}
		}
		refusal := invalid("%s: %q is neither a date (2006-01-02) nor a time in UTC (2006-01-02T15:04:05Z)", name, text)
		refused = &refusal
		return time.Time{}, 0, false
	}
	from, _, ok := read("StartDate")
	if !ok {
		return from, to, refused
	}
	to, unit, _ := read("EndDate")
	if !to.IsZero() {
		to = to.Add(unit)
	}
	return from, to, refused
}

// sidLetters is how many letters a SID begins with.
const sidLetters = 2

// cutSID is the part of a SID behind its letters, in small letters.
func cutSID(sid, letters string) (digits string, ok bool) {
	const count = 32
	digits, ok = strings.CutPrefix(sid, letters)
	return strings.ToLower(digits), ok && len(digits) == count && strings.Trim(digits, "0123456789abcdefABCDEF") == ""
}
