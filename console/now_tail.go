package console

import (
	"net/http"
	"net/url"
	"time"

	"github.com/caddy-tollgate/tollgate/api"
)

// decision is a refusal of the API, or what was let through.
type decision struct {
	Time        time.Time `json:"time"`
	Account     string    `json:"account"`
	Channel     string    `json:"channel"`
	Destination string    `json:"destination"`
	Territory   string    `json:"territory"`
	Reason      string    `json:"reason"`
	Rule        string    `json:"rule"`
	Outcome     string    `json:"outcome"`
}

// readDecisions reads the last refusals, which the script of the page adds to.
func (n *nowPage) readDecisions(v *visit) error {
	var found struct {
		Items []decision `json:"items"`
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
