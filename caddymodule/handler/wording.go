package handler

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	"github.com/caddy-tollgate/tollgate/caddymodule/directive"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// Message is a text for the clients that a denial is shown to, such as whom to ask. The
// carrier's code and status stay.
type Message struct {
	// The text. Placeholders are replaced on each request.
	Text string `json:"text,omitempty"`
	// Gives the text in place of the carrier's message. By default, it follows that in
	// parentheses.
	Replace bool `json:"replace,omitempty"`
}

func (m *Message) parse(d *caddyfile.Dispenser) error {
	arguments := d.RemainingArgs()
	if len(arguments) == 2 && arguments[0] == "replace" {
		m.Replace, arguments = true, arguments[1:]
	}
	if len(arguments) != 1 || arguments[0] == "" {
		return d.Err(`message needs one text in quotes: write message "Ask the telephony team.", or message replace "…"`)
	}
	m.Text = arguments[0]
	if err := checkPlaceholders(m.Text); err != nil {
		return d.WrapErr(err)
	}
	return nil
}

func (h *Handler) parseMoreInfo(d *caddyfile.Dispenser) error {
	if err := directive.OneArgument(d, &h.MoreInfo); err != nil {
		return err
	}
	if err := checkMoreInfo(h.MoreInfo); err != nil {
		return d.WrapErr(err)
	}
	return nil
}

// validateWording checks what the handler says in its own words.
func (h *Handler) validateWording() error {
	if h.Message.Text == "" && h.Message.Replace {
		return errors.New("message replaces the carrier's and has no text")
	}
	if err := checkPlaceholders(h.Message.Text); err != nil {
		return err
	}
	return checkMoreInfo(h.MoreInfo)
}

// checkPlaceholders finds a placeholder of this module that does not exist: clients would
// see it as it is written.
func checkPlaceholders(text string) error {
	for _, name := range placeholder.OfModule(text) {
		if placeholders[name] == nil {
			return fmt.Errorf("unknown placeholder {%s%s}%s", placeholder.Prefix, name,
				config.DidYouMean(name, slices.Sorted(maps.Keys(placeholders))))
		}
	}
	return nil
}

func checkMoreInfo(address string) error {
	if err := checkPlaceholders(address); err != nil {
		return err
	}
	if address == "" || placeholder.Holds(address) {
		return nil
	}
	if parsed, err := url.Parse(address); err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
		return fmt.Errorf("more_info %q is not a web address: write https://wiki.example.com/sms, for example", address)
	}
	return nil
}

// reword writes a denial that shows the policy again, in the operator's words. Others stay
// as they are: what is answered to an unknown client is the carrier's to the byte.
func (h *Handler) reword(r *http.Request, d *gate.Decision, repl *caddy.Replacer) {
	if h.Message.Text == "" && h.MoreInfo == "" || !d.ShowsPolicy() {
		return
	}
	h.gate.Reword(r, d, carrier.Wording{
		Message:  repl.ReplaceKnown(h.Message.Text, ""),
		Replaces: h.Message.Replace,
		MoreInfo: repl.ReplaceKnown(h.MoreInfo, ""),
	})
}
