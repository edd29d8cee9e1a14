package console

import (
	"net/http"
	"net/url"

	"github.com/caddy-tollgate/tollgate/api"
)

// readDecisions reads the last refusals, which the script of the page adds to.
func (n *nowPage) readDecisions(v *visit) error {
	var found struct {
		Items []refused `json:"items"`
	}
	err := v.get(&found, "/audit/refusals", n.filter("limit", "20", "format", "json"))
	n.Decisions = found.Items
	return err
}

// tail hands the stream of decisions on to the page.
func tail(v *visit) (page, error) {
	asked, q := v.r.URL.Query(), url.Values{}
	for _, name := range []string{"account", "reason", "sends"} {
		if value := asked.Get(name); value != "" {
			q.Set(name, value)
		}
	}
	r, err := http.NewRequestWithContext(v.r.Context(), http.MethodGet, api.Prefix+"/tail?"+q.Encode(), nil)
	if err != nil {
		return page{}, err
	}
	v.console.api.handler.ServeHTTP(v.w, r)
	return page{written: true}, nil
}
