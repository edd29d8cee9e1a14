package app

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/feed"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// FeedsEndpoint shows the feeds in force.
const FeedsEndpoint = "/tollgate/feeds"

// ShownFeeds are the feeds as the endpoint shows them.
type ShownFeeds struct {
	Feeds []feed.Status `json:"feeds"`
}

// ShownRow is a row of a feed that has a number.
type ShownRow struct {
	Feed string `json:"feed"`
	feed.Row
}

// ShownNumber is what the feeds have of a number.
type ShownNumber struct {
	Number string     `json:"number"`
	Rows   []ShownRow `json:"rows"`
}

func showFeeds(w http.ResponseWriter, r *http.Request, app *App) error {
	if number := r.URL.Query().Get("number"); number != "" {
		shown, err := showNumber(app.feeds.Set(), number)
		if err != nil {
			return caddy.APIError{HTTPStatus: http.StatusBadRequest, Err: err}
		}
		return writeJSON(w, shown)
	}
	shown := ShownFeeds{Feeds: []feed.Status{}}
	for _, f := range app.feeds.All() {
		shown.Feeds = append(shown.Feeds, f.Status())
	}
	return writeJSON(w, shown)
}

// showNumber finds the rows of a number in E.164.
func showNumber(set *feed.Set, number string) (ShownNumber, error) {
	digits, plus := strings.CutPrefix(number, "+")
	if !plus || digits == "" || len(digits) > numbering.E164Digits || strings.Trim(digits, "0123456789") != "" {
		return ShownNumber{}, fmt.Errorf(`%q is not a number: write "+" and its digits`, number)
	}
	shown := ShownNumber{Number: number, Rows: []ShownRow{}}
	for found := range set.Of(digits) {
		shown.Rows = append(shown.Rows, ShownRow{found.Name, found.Row})
	}
	return shown, nil
}

func showFeed(w http.ResponseWriter, r *http.Request, app *App) error {
	name := strings.TrimPrefix(r.URL.Path, FeedsEndpoint+"/")
	f := app.feeds.Named(name)
	if f == nil {
		return caddy.APIError{HTTPStatus: http.StatusNotFound, Err: fmt.Errorf(`there is no feed %q: "tollgate feed list" shows all`, name)}
	}
	if !strings.Contains(r.Header.Get("Accept"), "text/csv") {
		return writeJSON(w, f.Status())
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	return f.List().WriteRows(w)
}
