package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// feedRow is a feed as this API shows it.
type feedRow struct {
	Name      string     `json:"name" example:"iprn"`
	Source    string     `json:"source" doc:"The file or the address, without user, password and query." example:"https://feeds.example.com/ranges.csv"`
	Use       string     `json:"use" enum:"block,high_risk_special,high_risk_tollfraud" doc:"block, or the class that its numbers are at least of."`
	Channel   string     `json:"channel,omitempty" doc:"The one channel that is blocked; absent if all are." example:"voice"`
	State     string     `json:"state" enum:"waiting,in_force,failed" doc:"waiting was not asked yet; in_force has in force what its source has; failed has not, and the last good list stays in force, if there is one."`
	Failure   string     `json:"failure,omitempty" doc:"Why what the source has is not in force."`
	Prefixes  int        `json:"prefixes" doc:"How many the list in force has."`
	Since     *time.Time `json:"since,omitempty" doc:"When the list in force was first in force; absent if there is none."`
	Confirmed *time.Time `json:"confirmed,omitempty" doc:"When the source last had the list in force; of a file, when it was written; of a signed list, when it was signed. Absent if there is none."`
	Age       *float64   `json:"age,omitempty" doc:"How long ago that is, in seconds."`
	Old       bool       `json:"old" doc:"Whether that is longer ago than max_age."`
	Asked     *time.Time `json:"asked,omitempty" doc:"When the source was last asked; absent if it was not yet."`
	Next      *time.Time `json:"next,omitempty" doc:"When it is asked again."`
	MaxChange int        `json:"max_change" doc:"By how much a list may be larger or smaller than this one, in percent."`
	Signed    bool       `json:"signed" doc:"Whether lists must be signed."`
	SignedAt  *time.Time `json:"signed_at,omitempty" doc:"When the list in force was signed; absent if its signature does not say. An older one is refused."`
	Found     *feedFound `json:"found,omitempty" doc:"What the list in force says to the number that is asked for; absent if nothing."`
}

// feedFound is the longest prefix of a feed that has a number.
type feedFound struct {
	Prefix string    `json:"prefix" example:"+2526135"`
	Since  time.Time `json:"since" doc:"Since when the feed has had it."`
}

func feedRowOf(f *permissions.Feed) feedRow {
	row := feedRow{
		Name: f.Name, Source: f.Source, Use: f.Use, Channel: f.Channel, State: string(f.State), Failure: f.Failure,
		Prefixes: f.Prefixes, Since: unlessZero(f.Since), Confirmed: unlessZero(f.Confirmed), Old: f.Old,
		Asked: unlessZero(f.Asked), Next: unlessZero(f.Next), MaxChange: f.MaxChange, Signed: f.Signed, SignedAt: unlessZero(f.SignedAt),
	}
	if row.Confirmed != nil {
		row.Age = new(f.Age.Seconds())
	}
	if f.Found != nil {
		row.Found = &feedFound{"+" + f.Found.Prefix, f.Found.Since}
	}
	return row
}

// unlessZero is a time in UTC, nil if it is the zero one.
func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}

// FeedNumber asks what feeds say to a number.
type FeedNumber struct {
	Number string `query:"number" doc:"A number in E.164, to see what feeds have of it." example:"+252613500001"`
}

// FeedName names a feed in a path.
type FeedName struct {
	Name string `path:"name" example:"iprn"`
}

type feedsAnswer struct {
	Body struct {
		Items []feedRow `json:"items" nullable:"false" doc:"In the order in which they are stated; those that have a number, the longest prefix first."`
	}
}

type feedAnswer struct{ Body feedRow }

func registerFeeds(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/feeds", "list-feeds", "List the feeds of this gate, or those that have a number"),
		func(ctx context.Context, in *FeedNumber) (*feedsAnswer, error) {
			list, err := service.ListFeeds(callerOf(ctx), in.Number)
			if err != nil {
				return nil, problem(err)
			}
			answer := new(feedsAnswer)
			answer.Body.Items = make([]feedRow, len(list))
			for i := range list {
				answer.Body.Items[i] = feedRowOf(&list[i])
			}
			return answer, nil
		})

	huma.Register(api, operation(http.MethodGet, "/feeds/{name}", "get-feed", "Read a feed of this gate, and what it says to a number"),
		func(ctx context.Context, in *struct {
			FeedName
			FeedNumber
		}) (*feedAnswer, error) {
			found, err := service.Feed(callerOf(ctx), in.Name, in.Number)
			if err != nil {
				return nil, problem(err)
			}
			return &feedAnswer{feedRowOf(&found)}, nil
		})

	prefixes := operation(http.MethodGet, "/feeds/{name}/prefixes", "list-feed-prefixes", "Read the list of a feed that is in force: a CSV with the columns prefix and since")
	prefixes.Responses = map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content:     map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	huma.Register(api, prefixes, func(ctx context.Context, in *FeedName) (*plainText, error) {
		list, err := service.FeedList(callerOf(ctx), in.Name)
		if err != nil {
			return nil, problem(err)
		}
		var rows bytes.Buffer
		if err := list.WriteRows(&rows); err != nil {
			return nil, fmt.Errorf("writing a list: %w", err)
		}
		return &plainText{ContentType: "text/csv", Body: rows.Bytes()}, nil
	})
}
