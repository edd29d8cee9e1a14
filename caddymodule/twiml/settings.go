package twiml

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/caddymodule/linkrewrite"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/webhook"
)

// check finds what is wrong with a setting, before its placeholders are replaced.
func (d Denied) check() error {
	if d.Mode != "" && !slices.Contains(webhook.Modes, d.Mode) {
		return fmt.Errorf("denied cannot be %q%s", d.Mode, config.DidYouMean(d.Mode, webhook.Modes))
	}
	says, redirects := d.Mode == string(webhook.Say), d.Mode == string(webhook.Redirect)
	switch {
	case says && strings.TrimSpace(d.Say) == "":
		return errors.New(`denied say needs text: write denied say "This call cannot be placed."`)
	case redirects && d.Redirect == "":
		return errors.New("denied redirect needs the address of other instructions")
	case redirects && !placeholder.Holds(d.Redirect) && !isReference(d.Redirect):
		return fmt.Errorf("denied redirect %q is not an address", d.Redirect)
	case !says && d.Say != "", !redirects && d.Redirect != "":
		return fmt.Errorf("denied %s has a setting of another mode: a text belongs to say, an address to redirect", d.Mode)
	}
	return nil
}

// provision makes the setting ready for use.
func (d Denied) provision() (webhook.Denied, error) {
	if err := d.check(); err != nil {
		return webhook.Denied{}, err
	}
	denied := webhook.Denied{Mode: webhook.Mode(d.Mode)}
	if d.Mode == "" {
		denied.Mode = webhook.Remove
	}
	var err error
	if denied.Text, err = caddy.NewReplacer().ReplaceOrErr(d.Say+d.Redirect, true, true); err != nil {
		return denied, fmt.Errorf("resolving denied: %w", err)
	}
	if d.Redirect != "" && !isReference(denied.Text) {
		return denied, fmt.Errorf("denied redirect %q is not an address", d.Redirect)
	}
	return denied, nil
}

// isReference reports whether a text is an address, whole or relative.
func isReference(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Host != "" || u.Path != "")
}

// errToken is an auth token written into a configuration.
var errToken = errors.New("an auth_token must be {env.*} or {file.*}: do not write a secret into a configuration")

// readTokens returns the values of the placeholders of auth tokens. No error shows them.
func readTokens(stated []string) ([]string, error) {
	tokens := make([]string, 0, len(stated))
	for _, written := range stated {
		if !placeholder.Is(written) {
			return nil, errToken
		}
		token, err := caddy.NewReplacer().ReplaceOrErr(written, true, true)
		if err != nil {
			return nil, fmt.Errorf("reading auth_token: %w", err)
		}
		if token = strings.TrimSpace(token); token == "" {
			return nil, fmt.Errorf("auth_token %s is empty", written)
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// checkPublicURL finds what is wrong with the beginning of an address. It may have a user
// and a password, which Twilio signs as part of an address.
func checkPublicURL(address string) error {
	u, err := url.Parse(address)
	if err == nil && u.User != nil {
		u.User = nil
		address = u.String()
	}
	return linkrewrite.CheckBase(address)
}
