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

// The mistakes in what signs requests. No error shows a secret.
var (
	errToken     = errors.New("an auth_token must be {env.*} or {file.*}: do not write a secret into a configuration")
	errSecret    = errors.New("the secret of a shared_key must be {env.*} or {file.*}: do not write a secret into a configuration")
	errSharedKey = errors.New("a shared_key needs the id of the key at Twilio: webhooks_sharedkey_…")
)

// check finds what is wrong with a shared key beside others, before its placeholder is
// replaced.
func (k SharedKey) check(others []SharedKey) error {
	switch {
	case !placeholder.Is(k.Secret):
		return errSecret
	case !webhook.IsKeyID(k.ID):
		return errSharedKey
	case slices.ContainsFunc(others, func(other SharedKey) bool { return other.ID == k.ID }):
		return fmt.Errorf("shared_key %s is already specified", k.ID)
	}
	return nil
}

// readSigningKeys returns auth tokens and shared keys with the values of their
// placeholders.
func readSigningKeys(tokens []string, sharedKeys []SharedKey) (webhook.SigningKeys, error) {
	var keys webhook.SigningKeys
	for _, written := range tokens {
		if !placeholder.Is(written) {
			return keys, errToken
		}
		token, err := readSecret("auth_token", written)
		if err != nil {
			return keys, err
		}
		keys.AuthTokens = append(keys.AuthTokens, token)
	}
	for i, key := range sharedKeys {
		if err := key.check(sharedKeys[:i]); err != nil {
			return keys, err
		}
		secret, err := readSecret("shared_key "+key.ID, key.Secret)
		if err != nil {
			return keys, err
		}
		keys.SharedKeys = append(keys.SharedKeys, webhook.SharedKey{ID: key.ID, Secret: secret})
	}
	return keys, nil
}

// readSecret returns the value of the placeholder of an option.
func readSecret(option, written string) (string, error) {
	secret, err := caddy.NewReplacer().ReplaceOrErr(written, true, true)
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", option, err)
	}
	if secret = strings.TrimSpace(secret); secret == "" {
		return "", fmt.Errorf("%s %s is empty", option, written)
	}
	return secret, nil
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
