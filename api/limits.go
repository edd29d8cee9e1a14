package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// limitQuery asks which limits are in force for an account.
type limitQuery struct {
	Account string `query:"account" required:"true" doc:"The account, by the name that the policy gives it or its id at a carrier, or one of its API keys." example:"acme"`
	Number  string `query:"number" doc:"The number that limits per number, block, prefix or territory are asked of, as a request would write it." example:"+12025550123"`
	Sender  string `query:"sender" doc:"The sender that limits per sender are asked of."`
}

// limitInForce is a limit in force for an account.
type limitInForce struct {
	Name    string   `json:"name" example:"block"`
	Level   string   `json:"level" doc:"Who states the limit." example:"operator"`
	Words   string   `json:"words" doc:"The limit in words, and what becomes of what is over." example:"20 sends within 1h per account, block:3, holds what is over for 15m"`
	Kind    string   `json:"kind,omitempty" doc:"Which sends are counted: messaging, voice or verify; absent if all are."`
	Per     []string `json:"per" nullable:"false" doc:"What is counted together, by dimensions." example:"[\"account\", \"block:3\"]"`
	Monitor bool     `json:"monitor,omitempty" doc:"What is over is only recorded."`
	Use     *use     `json:"use,omitempty" doc:"How much is used of what is asked; absent if the request does not say of what, or the counters are away."`
}

// use is how much of a limit is used.
type use struct {
	Values  map[string]string `json:"values" doc:"For what the dimensions stand." example:"{\"block:3\": \"+1201555xxx\"}"`
	Used    string            `json:"used" doc:"How much there is, by the counters that this gate has; of spend in the currency of the rates." example:"12"`
	Allowed string            `json:"allowed" doc:"How much there may be now." example:"20"`
	Fill    float64           `json:"fill" minimum:"0" doc:"Used in relation to allowed: 1 is full." example:"0.6"`
	Hold    *hold             `json:"hold,omitempty" doc:"What the limit holds of it."`
}

type limitsAnswer struct {
	Body struct {
		Items []limitInForce `json:"items" nullable:"false"`
	}
}

func registerLimits(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/limits", "list-limits", "List the limits in force for an account, and how full they are"),
		func(ctx context.Context, in *limitQuery) (*limitsAnswer, error) {
			found, err := service.Limits(callerOf(ctx), permissions.LimitQuery{Account: in.Account, Number: in.Number, Sender: in.Sender})
			if err != nil {
				return nil, problem(err)
			}
			answer := new(limitsAnswer)
			answer.Body.Items = make([]limitInForce, len(found))
			for i := range found {
				answer.Body.Items[i] = limitOf(&found[i])
			}
			return answer, nil
		})
}

func limitOf(l *gate.LimitUse) limitInForce {
	shown := limitInForce{Name: l.Name, Level: l.Level, Words: l.Limit.String() + l.Then(), Kind: l.Kind.String(), Per: []string{}, Monitor: l.Monitor}
	for _, d := range l.Per {
		shown.Per = append(shown.Per, d.String())
	}
	if l.Known {
		shown.Use = useOf(l)
	}
	return shown
}

func useOf(l *gate.LimitUse) *use {
	u := &use{Values: map[string]string{}, Used: l.AmountText(l.Used), Allowed: l.AmountText(l.Allowed), Fill: 1}
	if l.Allowed > 0 {
		u.Fill = float64(l.Used) / float64(l.Allowed)
	}
	for i, d := range l.Per {
		u.Values[d.String()] = l.Values[i]
	}
	if l.Hold != nil {
		held := holdOf(&permissions.Hold{Hold: *l.Hold})
		u.Hold = &held
	}
	return u
}
