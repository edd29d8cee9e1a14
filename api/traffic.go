package api

import (
	"context"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/store"
)

// trafficQuery asks what was let through.
type trafficQuery struct {
	Form
	By        []string  `query:"by" required:"true" doc:"What to count by: account, channel, territory, class, hour, day." example:"territory,day"`
	Account   string    `query:"account" doc:"The account, by the name that the policy gives it. Default: all."`
	Channel   string    `query:"channel" doc:"The channel, such as messaging or voice."`
	Territory string    `query:"territory"`
	Class     string    `query:"class" doc:"The risk class of calls."`
	From      time.Time `query:"from" doc:"The first day that counts is the one in which this is. Of the last 48 hours, and by hour, it is the first hour."`
	To        time.Time `query:"to" doc:"The last day, or hour, that counts begins before this."`
}

func registerTraffic(api huma.API, service *permissions.Service) {
	huma.Register(api, tableOperation("/traffic", "report-traffic", "Count the sends that were let through, most first. Hours are kept for 48 hours, and days for 93 days", reportRow),
		func(ctx context.Context, in *trafficQuery) (*tableAnswer, error) {
			by := dimensionsOf(in.By)
			found, err := service.Traffic(ctx, callerOf(ctx), store.TrafficFilter{
				Account: in.Account, Channel: in.Channel, Territory: in.Territory, Class: in.Class, From: in.From, To: in.To,
			}, by)
			if err != nil {
				return nil, problem(err)
			}
			return in.write(0, reportOf(by, found))
		})
}

// dimensionsOf are the names of what to count by.
func dimensionsOf(names []string) (by []store.Dimension) {
	for _, name := range names {
		by = append(by, store.Dimension(strings.TrimSpace(name)))
	}
	return by
}
