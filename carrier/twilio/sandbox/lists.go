package sandbox

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Twilio's page sizes: https://www.twilio.com/docs/usage/twilios-response#pagination.
const defaultPageSize, maximumPageSize = 50, 1000

// maximumPage is past the end of every list.
const maximumPage = 1_000_000

// A page token names the resource beside the page: PA the last one before it, PB the
// first one after it. PA is in Twilio's examples; PB is unverified.
const afterToken, beforeToken = "PA", "PB"

// list is one page of resources.
type list struct {
	collection                 string // Messages, Calls, Accounts
	items                      []document
	page, size, start, end     int
	uri, first, next, previous string
}

// newList returns the page that the request names. With a PageToken it continues where
// the last page stopped, even if records were added since; without one it counts from the
// newest.
func newList(x *exchange, found []record, filters ...string) (list, *failure) {
	page, err := strconv.Atoi(orElse(x.parameters.get("Page"), "0"))
	if err != nil || page < 0 || page > maximumPage {
		return list{}, fail(20002)
	}
	size, err := strconv.Atoi(x.parameters.get("PageSize"))
	if err != nil || size < 1 {
		size = defaultPageSize
	}
	size = min(size, maximumPageSize)

	begin := min(page*size, len(found))
	kind, sid := splitToken(x.parameters.get("PageToken"))
	if position := slices.IndexFunc(found, func(kept record) bool { return kept.identifier() == sid }); position >= 0 {
		switch kind {
		case afterToken:
			begin = position + 1
		case beforeToken:
			begin = max(0, position-size)
		}
	}
	shown := found[begin:min(begin+size, len(found))]

	link := newLink(x, size, filters)
	listed := list{
		collection: x.resource, page: page, size: size, start: page * size, end: page*size + max(0, len(shown)-1),
		uri: link(page, x.parameters.get("PageToken")), first: link(0, ""),
	}
	for _, kept := range shown {
		listed.items = append(listed.items, kept.document(x))
	}
	if len(shown) > 0 && begin+len(shown) < len(found) {
		listed.next = link(page+1, afterToken+shown[len(shown)-1].identifier())
	}
	if len(shown) > 0 && page > 0 {
		listed.previous = link(page-1, beforeToken+shown[0].identifier())
	}
	return listed, nil
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func splitToken(token string) (kind, sid string) {
	if len(token) < len(afterToken) {
		return "", ""
	}
	return token[:len(afterToken)], token[len(afterToken):]
}

// newLink returns a function that writes the addresses of the list's pages. The
// parameters are in the order of Twilio's examples.
func newLink(x *exchange, size int, filters []string) func(page int, token string) string {
	segments := []string{"Accounts"}
	if x.resource != "Accounts" {
		segments = append(segments, x.account, x.resource)
	}
	var filtered strings.Builder
	for _, name := range filters {
		if value := x.parameters.get(name); value != "" {
			filtered.WriteString(name + "=" + url.QueryEscape(value) + "&")
		}
	}
	base := uri(x.representation.suffix, segments...) + "?" + filtered.String() + "PageSize=" + strconv.Itoa(size)
	return func(page int, token string) string {
		address := base + "&Page=" + strconv.Itoa(page)
		if token != "" {
			address += "&PageToken=" + url.QueryEscape(token)
		}
		return address
	}
}

// members are the fields of a page in JSON, in the order of Twilio's OpenAPI examples
// (ListMessage).
func (l list) members() object {
	items := make([]object, 0, len(l.items))
	for _, item := range l.items {
		items = append(items, item.fields)
	}
	return object{
		{"end", l.end},
		{"first_page_uri", l.first},
		{"next_page_uri", orNull(l.next)},
		{"page", l.page},
		{"page_size", l.size},
		{"previous_page_uri", orNull(l.previous)},
		{strings.ToLower(l.collection), items},
		{"start", l.start},
		{"uri", l.uri},
	}
}

// attributes are the fields of a page in XML, in the order of Twilio's early
// documentation.
func (l list) attributes() object {
	return object{
		{"page", strconv.Itoa(l.page)},
		{"pagesize", strconv.Itoa(l.size)},
		{"start", strconv.Itoa(l.start)},
		{"end", strconv.Itoa(l.end)},
		{"uri", l.uri},
		{"firstpageuri", l.first},
		{"previouspageuri", l.previous},
		{"nextpageuri", l.next},
	}
}

func (l list) documents() []document { return l.items }
