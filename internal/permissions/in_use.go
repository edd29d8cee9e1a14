package permissions

import (
	"context"
	"fmt"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/traffic"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// InUse is a territory that a change closes although an account sent to it recently.
type InUse struct {
	Account   string        `json:"account" doc:"The account, by its own name."`
	Channel   string        `json:"channel"`
	Territory string        `json:"territory" example:"UZ"`
	Class     string        `json:"class,omitempty" doc:"The risk class of calls."`
	Last      store.Day     `json:"last" doc:"The last day on which something was sent to it."`
	Reason    policy.Reason `json:"reason" doc:"Why it would be denied now."`
}

const (
	// recentTraffic is how long traffic counts as recent.
	recentTraffic = 30 * 24 * time.Hour
	// mostInUse is how many territories in use are named. All are counted.
	mostInUse = 100
)

// InUseClosed are the territories in use that a change closes.
type InUseClosed struct {
	Count int
	First []InUse
}

// closedInUse finds the territories in use that are closed for some accounts, or for all.
func (s *Service) closedInUse(ctx context.Context, before, after *policy.Snapshot, accounts []string) (closed InUseClosed, err error) {
	kept, err := s.Policy.Store()
	if err != nil {
		return closed, err
	}
	now := s.Now()
	since := traffic.Day(now.Add(-recentTraffic))
	for _, account := range accounts {
		err := kept.Traffic().Query(ctx, account, func(l store.LastSend) error {
			if l.Day < since || !isOpen(before, &l, now) {
				return nil
			}
			v, known := judgeLast(after, &l, now)
			if !known || v.Outcome != policy.Deny {
				return nil
			}
			if closed.Count++; len(closed.First) < mostInUse {
				closed.First = append(closed.First, InUse{Account: l.Account, Channel: l.Channel, Territory: l.Territory, Class: l.Class, Last: l.Day, Reason: v.Reason})
			}
			return nil
		})
		if err != nil {
			return InUseClosed{}, fmt.Errorf("finding what of it is in use: %w", err)
		}
	}
	return closed, nil
}

// allAccounts stands for all, as store.Traffic has it.
var allAccounts = []string{""}

func isOpen(snapshot *policy.Snapshot, l *store.LastSend, now time.Time) bool {
	v, known := judgeLast(snapshot, l, now)
	return known && v.Outcome != policy.Deny
}

// judgeLast is the verdict on a territory that was sent to. It is not known of what a later
// version has recorded.
func judgeLast(snapshot *policy.Snapshot, l *store.LastSend, now time.Time) (v policy.Verdict, known bool) {
	channel, known := policy.ParseChannel(l.Channel)
	territory, isTerritory := numbering.ParseTerritory(l.Territory)
	class, isClass := policy.ParseClass(l.Class)
	if !known || !isTerritory || l.Class != "" && !isClass {
		return v, false
	}
	return snapshot.JudgeStated(l.Account, policy.Send{Channel: channel}, class, territory, now), true
}

// concerned are the accounts that are asked about where one changes, or the operator's
// statements do. Subaccounts, of which there may be very many, are asked about only before a
// change is made.
func (s *Service) concerned(o object, result *Result, dryRun bool) []string {
	switch {
	case o.account == "" && (o.kind == store.Settings || o.kind == store.Panic):
		return allAccounts
	case o.account == "":
		return nil // a rule is about prefixes
	case dryRun:
		return append(subaccountsOf(result.Before.Snapshot, o.account), o.account)
	}
	return []string{o.account}
}

// subaccountsOf are the own IDs of an account's subaccounts.
func subaccountsOf(snapshot *policy.Snapshot, account string) (children []string) {
	for _, l := range snapshot.Subaccounts(account) {
		children = append(children, l.ID())
	}
	return children
}
