package app

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/feed"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Feed is a list of number ranges that others keep, such as ranges known for fraud. Either its
// numbers are blocked, or they count as of a class. A list that cannot be trusted is refused as
// a whole, and the last good one stays in force; a copy of that is kept in Caddy's storage.
type Feed struct {
	// The name by which verdicts and logs call it.
	Name string `json:"name"`

	// A file or an https address. A relative path is relative to the working directory of the
	// server; in a Caddyfile, to that Caddyfile. It has a prefix a line, or CSV.
	Source string `json:"source"`

	// Denies sends to its numbers.
	Block bool `json:"block,omitzero"`

	// The class that its numbers are of, unless they are of a riskier one: `high_risk_special`
	// or `high_risk_tollfraud`.
	Class string `json:"class,omitzero"`

	// The channel that is blocked. Default: all.
	Channel string `json:"channel,omitzero"`

	// How often the source is asked: a duration, such as `30m`. Default: `1h` for an address, `10s`
	// for a file.
	Interval string `json:"interval,omitzero"`

	// After how long a list is reported as old that its source has not confirmed; a signed list, that
	// was not signed again; a file, that was not written. It stays in force. Default: `48h`.
	MaxAge string `json:"max_age,omitzero"`

	// By how much a list may be larger or smaller than the one before. Default: `50%`.
	MaxChange string `json:"max_change,omitzero"`

	// The public key of minisign that lists must be signed with. The signature has the same
	// address, or path, with `.minisig` behind it.
	Minisign string `json:"minisign,omitzero"`
}

// The settings of a feed that states none.
const (
	defaultInterval     = "1h"
	defaultFileInterval = "10s"
	defaultMaxAge       = "48h"
	defaultMaxChange    = "50%"
)

// Shortest intervals, so that no one's server is asked all the time.
const (
	shortestInterval     = time.Minute
	shortestFileInterval = time.Second
)

// mostChange bounds max_change: a list a hundred times as long.
const mostChange = 10_000

// checkFeeds finds mistakes that show without asking anyone, and without the values of
// placeholders.
func checkFeeds(feeds []Feed) error {
	if len(feeds) > feed.MostFeeds {
		return fmt.Errorf("there are %d feeds: a gate has at most %d", len(feeds), feed.MostFeeds)
	}
	names := make(map[string]bool)
	for i := range feeds {
		f := &feeds[i]
		if err := f.checkName(); err != nil {
			return err
		}
		if names[f.Name] {
			return fmt.Errorf("feed %s is already specified: give this one another name", f.Name)
		}
		names[f.Name] = true
		if placeholder.Holds(f.Source + f.Minisign) {
			continue
		}
		if _, err := f.read(); err != nil {
			return fmt.Errorf("feed %s: %w", f.Name, err)
		}
	}
	return nil
}

func (f *Feed) checkName() error {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	if f.Name == "" || len(f.Name) > 64 || strings.Trim(f.Name, letters) != "" {
		return fmt.Errorf(`feed %q: a name is letters, digits, "-" and "_", by which logs name it`, f.Name)
	}
	return nil
}

// read reads the settings, with placeholders replaced in the source and the key.
func (f *Feed) read() (*feed.Feed, error) {
	use, err := f.use()
	if err != nil {
		return nil, err
	}
	source, err := f.source()
	if err != nil {
		return nil, err
	}
	read := &feed.Feed{Name: f.Name, Source: source, Use: use}
	if read.Interval, read.MaxAge, err = f.times(&source); err != nil {
		return nil, err
	}
	if read.MaxChange, err = f.percent(); err != nil {
		return nil, err
	}
	if read.Key, err = placeholder.Replace(f.Minisign); err != nil {
		return nil, fmt.Errorf("resolving placeholders in its key (is the variable set?): %w", err)
	}
	if f.Minisign != "" {
		if _, err := feed.ParseKey(read.Key); err != nil {
			return nil, fmt.Errorf("minisign: %w", err)
		}
	}
	return read, nil
}

// use is what the feed is for.
func (f *Feed) use() (use feed.Use, err error) {
	switch {
	case f.Block == (f.Class != ""):
		return use, errors.New(`it must say what it is for: write either "block", or "class" and a class`)
	case f.Class != "":
		class, ok := policy.ParseClass(f.Class)
		if !ok || class == policy.LowRisk {
			return use, fmt.Errorf(`class cannot be %q: it must be one of high_risk_special, high_risk_tollfraud, since no list from outside makes numbers less risky`, f.Class)
		}
		if f.Channel != "" {
			return use, errors.New(`channel is for "block": a number is of a class whatever the channel`)
		}
		return feed.Use{Class: class}, nil
	}
	use.Block = true
	if f.Channel != "" {
		channel, ok := policy.ParseChannel(f.Channel)
		if !ok {
			return use, fmt.Errorf("channel cannot be %q%s", f.Channel, config.DidYouMean(f.Channel, policy.ChannelNames))
		}
		use.Channel = &channel
	}
	return use, nil
}

// source is where the list is, with placeholders replaced.
func (f *Feed) source() (feed.Source, error) {
	text, err := placeholder.Replace(f.Source)
	if err != nil {
		return feed.Source{}, fmt.Errorf("resolving placeholders in its source (is the variable set?): %w", err)
	}
	if text == "" {
		return feed.Source{}, errors.New("it needs a source: a file, or an https address")
	}
	shown := f.Source
	if !feed.IsAddress(text) {
		if text, err = filepath.Abs(text); err != nil {
			return feed.Source{}, fmt.Errorf("finding its file: %w", err)
		}
		if !placeholder.Holds(shown) {
			shown = text
		}
	}
	return feed.NewSource(text, shown)
}

// times are how often the source is asked, and when a list is old.
func (f *Feed) times(source *feed.Source) (interval, maxAge time.Duration, err error) {
	usual, shortest := defaultInterval, shortestInterval
	if source.File != "" {
		usual, shortest = defaultFileInterval, shortestFileInterval
	}
	if interval, err = caddy.ParseDuration(cmp.Or(f.Interval, usual)); err != nil || interval < shortest {
		return 0, 0, fmt.Errorf("interval cannot be %q: write a duration of at least %s, such as %s", f.Interval, shortest, usual)
	}
	if maxAge, err = caddy.ParseDuration(cmp.Or(f.MaxAge, defaultMaxAge)); err != nil || maxAge < interval {
		return 0, 0, fmt.Errorf("max_age cannot be %q: write a duration, such as %s, that is not shorter than the interval: a good list would be old", cmp.Or(f.MaxAge, defaultMaxAge), defaultMaxAge)
	}
	return interval, maxAge, nil
}

// percent is by how much a list may grow or shrink.
func (f *Feed) percent() (int, error) {
	stated := cmp.Or(f.MaxChange, defaultMaxChange)
	digits, isPercent := strings.CutSuffix(stated, "%")
	percent, err := strconv.Atoi(digits)
	if err != nil || !isPercent || percent < 1 || percent > mostChange {
		return 0, fmt.Errorf(`max_change cannot be %q: write by how much a list may grow or shrink, from 1%% to %d%%, such as "50%%"`, stated, mostChange)
	}
	return percent, nil
}

// provisionFeeds puts in force what is there without a network: the lists of the configuration
// before, else the kept copies, and those of files.
func (a *App) provisionFeeds() error {
	if len(a.Feeds) == 0 {
		return nil
	}
	if err := checkFeeds(a.Feeds); err != nil {
		return err
	}
	var before *feed.Feeds
	if newest := running.newest.Load(); newest != nil {
		before = newest.feeds
	}
	client := feed.NewClient()
	feeds := make([]*feed.Feed, len(a.Feeds))
	var fresh []*feed.Feed
	for i := range a.Feeds {
		f, err := a.Feeds[i].read()
		if err != nil {
			return fmt.Errorf("feed %s: %w", a.Feeds[i].Name, err)
		}
		f.Client, f.Storage, f.Logger, f.Now = client, a.ctx.Storage(), a.ctx.Logger(), time.Now
		f.Plan = func() numbering.Plan { return a.loader.Current().Plan }
		feeds[i] = f
		if !f.Inherit(before.Named(f.Name)) {
			fresh = append(fresh, f)
		}
	}
	feed.LoadKept(a.ctx, fresh)
	for _, f := range fresh {
		if f.Source.File != "" {
			_, _ = f.Update(a.ctx) // it is logged, and tried again
		}
	}
	a.feeds = feed.New(feeds)
	return nil
}
