package twilio

import (
	"net/url"
	"strconv"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/apierrors"
)

// Sizes of a page (https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource).
const (
	usualPageSize = 50
	mostPageSize  = 1000
)

// meta says which part of a list an answer has, in Twilio's shape.
type meta struct {
	FirstPageURL    string  `json:"first_page_url"`
	Key             string  `json:"key"`
	NextPageURL     *string `json:"next_page_url"`
	Page            int     `json:"page"`
	PageSize        int     `json:"page_size"`
	PreviousPageURL *string `json:"previous_page_url"`
	URL             string  `json:"url"`
}

// page returns the part of a list that a request asks for, and what that is. The order of a list
// does not change, so the number of a page is all that a link needs.
func page[T any](r *Request, key string, list []T) (part []T, m meta, refused *Answer) {
	number, size, refused := numberAndSize(r)
	if refused != nil {
		return nil, m, refused
	}
	first := min(number*size, len(list))
	part = list[first:min(first+size, len(list))]
	link := func(number int) string {
		query := make(url.Values)
		for name, values := range r.Query {
			query[name] = values
		}
		query.Del("PageToken")
		query.Set("PageSize", strconv.Itoa(size))
		query.Set("Page", strconv.Itoa(number))
		if number > 0 {
			query.Set("PageToken", strconv.Itoa(number)) // Twilio's links have one
		}
		return r.Base + r.Path + "?" + query.Encode()
	}
	m = meta{FirstPageURL: link(0), Key: key, Page: number, PageSize: size, URL: link(number)}
	if first+size < len(list) {
		next := link(number + 1)
		m.NextPageURL = &next
	}
	if number > 0 {
		previous := link(number - 1)
		m.PreviousPageURL = &previous
	}
	return part, m, nil
}

// numberAndSize are those of the page that a request asks for.
func numberAndSize(r *Request) (number, size int, refused *Answer) {
	size = usualPageSize
	for _, p := range []struct {
		name        string
		value       *int
		least, most int
	}{{"Page", &number, 0, 1 << 20}, {"PageSize", &size, 1, mostPageSize}} {
		text := r.Query.Get(p.name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < p.least {
			return 0, 0, refusedPage()
		}
		*p.value = min(n, p.most)
	}
	return number, size, nil
}

func refusedPage() *Answer {
	refusal := refuse(apierrors.InvalidPage, nil)
	return &refusal
}
