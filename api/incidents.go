package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// incidentQuery asks for incidents.
type incidentQuery struct {
	State []string `query:"state" enum:"open,closed" doc:"Only those in one of these states."`
}

type incidentAnswer struct {
	Body struct {
		Items []incidentRow `json:"items" nullable:"false" doc:"Those that are open, the oldest first, then the last ones that are closed, the newest first."`
	}
}

// incidentRow is an incident as this API shows it.
type incidentRow struct {
	ID          string    `json:"id"`
	State       string    `json:"state" enum:"open,closed"`
	Carrier     string    `json:"carrier" example:"twilio"`
	Account     string    `json:"account" doc:"The account's ID at the carrier."`
	Name        string    `json:"name,omitempty" doc:"The name of its own that the policy gives the account."`
	Reason      string    `json:"reason" example:"limit_exceeded"`
	Rule        string    `json:"rule" example:"operator limit block"`
	More        bool      `json:"more,omitempty" doc:"Whether it stands for all further incidents, since too many are open."`
	First       time.Time `json:"first" doc:"When the first denial was."`
	Last        time.Time `json:"last" doc:"When the last one was."`
	Closed      string    `json:"closed,omitempty" doc:"When it was closed, in RFC 3339."`
	Denied      int64     `json:"denied" doc:"How many requests were refused."`
	Monitored   int64     `json:"monitored" doc:"How many were only recorded, and let through."`
	Channels    []tallied `json:"channels" nullable:"false"`
	Territories []tallied `json:"territories" nullable:"false"`
	Numbers     []tallied `json:"numbers" nullable:"false" doc:"What the numbers begin with, as far as the mask shows it."`
	Gates       []string  `json:"gates" nullable:"false" doc:"The names of the hosts that saw a denial."`
}

// tallied is how many denials have one value.
type tallied struct {
	Value   string `json:"value"`
	Denials int64  `json:"denials"`
}

func registerIncidents(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/incidents", "list-incidents", "List incidents, of all gates that have one store: denials of one kind, from the first until it is quiet"),
		func(ctx context.Context, in *incidentQuery) (*incidentAnswer, error) {
			incidents, err := service.ListIncidents(callerOf(ctx))
			if err != nil {
				return nil, problem(err)
			}
			answer := new(incidentAnswer)
			answer.Body.Items = make([]incidentRow, len(incidents))
			for i := range incidents {
				answer.Body.Items[i] = incidentRowOf(&incidents[i])
			}
			answer.Body.Items = inStates(answer.Body.Items, in.State, func(row *incidentRow) string { return row.State })
			return answer, nil
		})
}

func incidentRowOf(i *incident.Incident) incidentRow {
	row := incidentRow{
		ID: i.ID, State: "open", Carrier: i.Carrier, Account: i.Account, Name: i.Name, Reason: i.Reason, Rule: i.Rule, More: i.More,
		First: i.First.UTC(), Last: i.Last.UTC(), Denied: i.Denied, Monitored: i.Monitored,
		Channels: talliedOf(i.Channels), Territories: talliedOf(i.Territories), Numbers: talliedOf(i.Numbers),
		Gates: append([]string{}, i.Gates...),
	}
	if !i.Closed.IsZero() {
		row.State, row.Closed = "closed", i.Closed.UTC().Format(time.RFC3339Nano)
	}
	return row
}

func talliedOf(t incident.Tally) []tallied {
	rows := make([]tallied, len(t))
	for i, one := range t {
		rows[i] = tallied(one)
	}
	return rows
}
