package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/remote"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// storedOpenings are the openings that the store of a running gate keeps and that are not over, by
// the ID of their account at the carrier. The policy does not have them.
func storedOpenings(cmd *cobra.Command, loaded *reload.Loaded) (map[string][]policy.Opening, error) {
	found := make(map[string][]policy.Opening)
	err := allPages(cmd, "/openings", url.Values{"state": {"open,scheduled"}}, func(text json.RawMessage) (string, error) {
		var page struct {
			Items []listedItem[keptOpening] `json:"items"`
			Next  string                    `json:"next"`
		}
		if err := json.Unmarshal(text, &page); err != nil {
			return "", err
		}
		for i := range page.Items {
			asked := &page.Items[i].Document
			o, err := asked.opening()
			if err != nil {
				return "", fmt.Errorf("opening %s: %w", page.Items[i].ID, err)
			}
			id := loaded.Snapshot.IDAt(remote.Carrier, asked.Account)
			found[id] = append(found[id], o)
		}
		return page.Next, nil
	})
	if r := (*refusal)(nil); errors.As(err, &r) && r.Status == http.StatusNotFound {
		return nil, nil // there is no store
	}
	if err != nil {
		return nil, fmt.Errorf("reading the openings of the running gate: %w", err)
	}
	return found, nil
}

// opening is what is opened until when; its class makes no difference here.
func (k *keptOpening) opening() (o policy.Opening, err error) {
	territory, ok := numbering.ParseTerritory(k.To)
	if o.Territory = territory; !ok {
		if o.Prefix, ok = strings.CutPrefix(k.To, "+"); !ok {
			return o, fmt.Errorf("unknown destination %q", k.To)
		}
	}
	if k.Channel != "" {
		channel, ok := policy.ParseChannel(k.Channel)
		if !ok {
			return o, fmt.Errorf("unknown channel %q", k.Channel)
		}
		o.Channel = &channel
	}
	if o.Until, err = time.Parse(time.RFC3339, k.Until); err != nil {
		return o, fmt.Errorf("reading until when it is open: %w", err)
	}
	return o, nil
}
