package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// conversion says that a number was verified.
type conversion struct {
	Account string `json:"account" doc:"The account that sent to the number, by the name that the policy gives it or its id at a carrier." example:"acme"`
	Number  string `json:"number" doc:"The number that was verified, in E.164." example:"+12025550123"`
}

// UnmarshalJSON implements json.Unmarshaler. Null and repeated members are errors.
func (c *conversion) UnmarshalJSON(text []byte) error {
	type plain conversion
	return decode.JSON(text, (*plain)(c), nil)
}

type conversionAnswer struct {
	Body struct {
		Freed int64 `json:"freed" doc:"How many sends no longer count as unverified."`
	}
}

func registerConversions(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodPost, "/conversions", "add-conversion", "Tell that a number was verified: what limits of the unverified counted of it goes"),
		func(ctx context.Context, in *struct{ Body conversion }) (*conversionAnswer, error) {
			freed, err := service.Convert(callerOf(ctx), in.Body.Account, in.Body.Number)
			if err != nil {
				return nil, problem(err)
			}
			answer := new(conversionAnswer)
			answer.Body.Freed = freed
			return answer, nil
		})
}
