package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

type trialAnswer struct {
	Status int
	ETag   string `header:"ETag"`
	Body   TrialResult
}

// TrialResult is what a request for a trial account did.
type TrialResult struct {
	ChangeResult
	Home  string `json:"home" doc:"The territory where the account is at home." example:"GB"`
	GeoIP *GeoIP `json:"geoip,omitempty" doc:"The database that has the address there; absent if the home was stated."`
}

// GeoIP is a database of the countries of addresses.
type GeoIP struct {
	Type  string    `json:"type" doc:"Which database it is." example:"GeoLite2-Country"`
	Built time.Time `json:"built" doc:"When it was made."`
}

func registerTrials(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodPost, "/accounts", "create-trial", "Create a trial account at home in the country of a client's address"),
		func(ctx context.Context, in *struct {
			Terms
			Body strictBody[permissions.TrialRequest]
		}) (*trialAnswer, error) {
			var made permissions.TrialResult
			answer, err := written(&in.Terms, func(terms permissions.Terms) (_ permissions.Result, err error) {
				made, err = service.CreateTrial(ctx, callerOf(ctx), terms, in.Body.text)
				return made.Result, err
			})
			if err != nil {
				return nil, err
			}
			result := TrialResult{ChangeResult: answer.Body, Home: made.Home.String()}
			if made.GeoIP != nil {
				result.GeoIP = &GeoIP{made.GeoIP.Type, made.GeoIP.Built}
			}
			return &trialAnswer{answer.Status, answer.ETag, result}, nil
		})
}
