package permissions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/feed"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// Feed is a feed of this gate, with the row of it that has the number that was asked for.
type Feed struct {
	feed.Status
	// Found is the longest prefix that has the number, nil if none has or none was asked for.
	Found *feed.Row
}

// ListFeeds returns the feeds of this gate, in the order in which they are stated; with a number,
// those that have it, the longest prefix first.
func (s *Service) ListFeeds(by Caller, number string) ([]Feed, error) {
	if err := access.Authorize(by.Principal, access.Read, ""); err != nil {
		return nil, err
	}
	feeds := s.feeds()
	list := []Feed{}
	if number == "" {
		for _, f := range feeds.All() {
			list = append(list, Feed{Status: f.Status()})
		}
		return list, nil
	}
	digits, err := digitsOf(number)
	if err != nil {
		return nil, err
	}
	for found := range feeds.Set().Of(digits) {
		list = append(list, Feed{feeds.Named(found.Name).Status(), &found.Row})
	}
	return list, nil
}

// Feed returns one feed, with the row of it that has a number if one is given.
func (s *Service) Feed(by Caller, name, number string) (Feed, error) {
	f, err := s.findFeed(by, name)
	if err != nil {
		return Feed{}, err
	}
	found := Feed{Status: f.Status()}
	if number == "" {
		return found, nil
	}
	having, err := s.ListFeeds(by, number)
	if i := slices.IndexFunc(having, func(f Feed) bool { return f.Name == name }); i >= 0 {
		found.Found = having[i].Found
	}
	return found, err
}

// FeedList returns the list of a feed that is in force.
func (s *Service) FeedList(by Caller, name string) (*feed.List, error) {
	f, err := s.findFeed(by, name)
	if err != nil {
		return nil, err
	}
	return f.List(), nil
}

func (s *Service) findFeed(by Caller, name string) (*feed.Feed, error) {
	if err := access.Authorize(by.Principal, access.Read, ""); err != nil {
		return nil, err
	}
	f := s.feeds().Named(name)
	if f == nil {
		return nil, fmt.Errorf("feed %s: %w", name, ErrNotFound)
	}
	return f, nil
}

// feeds are those of this gate, nil if it has none.
func (s *Service) feeds() *feed.Feeds {
	if s.Feeds == nil {
		return nil
	}
	return s.Feeds()
}

// digitsOf are the digits of a number in E.164, as far as its prefixes are concerned: what is of
// another length than numbers have is found, too.
func digitsOf(number string) (string, error) {
	digits, plus := strings.CutPrefix(number, "+")
	if !plus || digits == "" || len(digits) > numbering.E164Digits || strings.Trim(digits, "0123456789") != "" {
		return "", reload.Invalid{Cause: decode.Problem{Path: "number", Message: `it is not a number: write "+" and its digits, such as +12025550123`}}
	}
	return digits, nil
}
