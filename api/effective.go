package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/review"
)

// effectiveQuery asks where an account may send.
type effectiveQuery struct {
	Account      string `query:"account" required:"true" doc:"The account, by the name that the policy gives it or its id at a carrier, or one of its API keys." example:"acme"`
	Channel      string `query:"channel" required:"true" doc:"messaging, voice, whatsapp or rcs." example:"messaging"`
	Class        string `query:"class" doc:"The risk class of calls. Default: all."`
	Verification bool   `query:"verification" doc:"Whether the carrier itself would send a code."`
	From         string `query:"from" doc:"The sender."`
	At           string `query:"at" doc:"When, as a date or an RFC 3339 time. Default: now."`
}

type effectiveAnswer struct{ Body *review.Effective }

// send is one that may be sent.
type send struct {
	Account      string            `json:"account" doc:"The account, by the name that the policy gives it or its id at a carrier, or one of its API keys." example:"acme"`
	Channel      string            `json:"channel" doc:"messaging, voice, whatsapp or rcs." example:"messaging"`
	To           string            `json:"to" doc:"The destination as a request would write it." example:"+12025550123"`
	From         string            `json:"from,omitempty" doc:"The sender that the request would name."`
	Verification bool              `json:"verification,omitempty" doc:"Whether the carrier itself would send a code."`
	Header       map[string]string `json:"header,omitempty" doc:"Headers that the request would have, which limits tell requests apart by."`
	At           string            `json:"at,omitempty" doc:"When, as a date or an RFC 3339 time. Default: now."`
}

// UnmarshalJSON implements json.Unmarshaler. Null and repeated members are errors.
func (s *send) UnmarshalJSON(text []byte) error {
	type plain send
	return decode.JSON(text, (*plain)(s), nil)
}

type judgeAnswer struct{ Body *review.Explanation }

func registerEffective(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/effective", "get-effective", "Where an account may send, and by which rule"),
		func(ctx context.Context, in *effectiveQuery) (*effectiveAnswer, error) {
			found, err := service.Effective(callerOf(ctx), review.Query{
				Account: in.Account, Channel: in.Channel, Verification: in.Verification, From: senders(in.From), At: in.At,
			}, in.Class)
			if err != nil {
				return nil, problem(err)
			}
			return &effectiveAnswer{found}, nil
		})

	huma.Register(api, operation(http.MethodPost, "/judge", "judge", "Whether an account may send to a destination. Nothing is sent"),
		func(ctx context.Context, in *struct{ Body send }) (*judgeAnswer, error) {
			found, err := service.Judge(ctx, callerOf(ctx), review.Query{
				Account: in.Body.Account, Channel: in.Body.Channel, Verification: in.Body.Verification,
				From: senders(in.Body.From), Header: in.Body.Header, At: in.Body.At, Destinations: []string{in.Body.To},
			})
			if err != nil {
				return nil, problem(err)
			}
			return &judgeAnswer{found}, nil
		})
}

// senders is a list of one sender, or of none.
func senders(from string) []string {
	if from == "" {
		return nil
	}
	return []string{from}
}
