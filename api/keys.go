package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/policy"
)

// KeyLimits are what a key may be used for.
type KeyLimits struct {
	Channels   textList `json:"channels,omitempty" nullable:"false" doc:"The channels that it may send on. Absent, all; empty, none." example:"[\"messaging\"]"`
	Operations textList `json:"operations,omitempty" nullable:"false" doc:"The operations that it may ask for, such as messages.create, or messages.* for all that begin alike. Absent, all; empty, none."`
	Senders    textList `json:"senders,omitempty" nullable:"false" doc:"The senders that it may send from. Absent, all; empty, none."`
}

// statedKey is what a key is asked for.
type statedKey struct {
	Account string `json:"account" minLength:"1" doc:"The account, as the policy names it or by its id at the carrier." example:"acme"`
	Name    string `json:"name,omitempty" maxLength:"100" doc:"What the key is for."`
	KeyLimits
	Expires string `json:"expires,omitzero" format:"date-time" doc:"From when it is refused. Absent, never."`
}

// UnmarshalJSON implements json.Unmarshaler. Null and repeated members are errors: null might be
// meant as nothing, and what is absent is not limited.
func (s *statedKey) UnmarshalJSON(text []byte) error {
	type plain statedKey
	return decode.JSON(text, (*plain)(s), nil)
}

// shownKey is a key without its secret.
type shownKey struct {
	SID     string `json:"sid" doc:"The name of the key, which clients send as the user."`
	Account string `json:"account" doc:"The account, by its id at the carrier."`
	Name    string `json:"name,omitempty"`
	State   string `json:"state" enum:"active,expired,revoked"`
	// Pointers, since an empty list differs from none.
	Channels   *[]string `json:"channels,omitempty" nullable:"false"`
	Operations *[]string `json:"operations,omitempty" nullable:"false"`
	Senders    *[]string `json:"senders,omitempty" nullable:"false"`
	Created    time.Time `json:"created"`
	Expires    time.Time `json:"expires,omitzero"`
	Revoked    time.Time `json:"revoked,omitzero"`
}

func showKey(k *keys.Key, now time.Time) shownKey {
	var channels []string
	if k.Channels != nil {
		channels = make([]string, 0, len(k.Channels))
	}
	for _, channel := range k.Channels {
		channels = append(channels, channel.String())
	}
	return shownKey{
		SID: k.SID, Account: k.Account, Name: k.Name, State: stateOf(string(k.RefusedAt(now))),
		Channels: stated(channels), Operations: stated(k.Operations), Senders: stated(k.Senders),
		Created: k.Created, Expires: k.Expires, Revoked: k.Revoked,
	}
}

// stated points at a list, nil if it is nil.
func stated(list []string) *[]string {
	if list == nil {
		return nil
	}
	return &list
}

// read reads what a key is asked for.
func (s *statedKey) read() (key keys.Key, err error) {
	key = keys.Key{Account: s.Account, Name: s.Name, Operations: s.Operations, Senders: s.Senders}
	if key.Expires, err = parseTime("expires", s.Expires); err != nil {
		return keys.Key{}, err
	}
	if s.Channels != nil {
		key.Channels = make([]policy.Channel, 0, len(s.Channels))
	}
	for _, name := range s.Channels {
		channel, ok := policy.ParseChannel(name)
		if !ok {
			return keys.Key{}, huma.Error422UnprocessableEntity("a channel is one of messaging, voice, whatsapp, rcs",
				&huma.ErrorDetail{Message: "unknown channel", Location: "body.channels"})
		}
		key.Channels = append(key.Channels, channel)
	}
	return key, nil
}

// KeySID names a key in a path.
type KeySID struct {
	SID string `path:"sid" doc:"The name of the key."`
}

type keysAnswer struct {
	Body struct {
		Keys []shownKey `json:"keys" nullable:"false"`
		NextPage
	}
}

type keyAnswer struct {
	ETag string `header:"ETag"`
	Body shownKey
}

// issuedKey is a new key.
type issuedKey struct {
	ChangeResult
	Secret string `json:"secret,omitempty" doc:"What the client sends as the password, with the sid as the user. It is not shown again. Absent from a dry run."`
}

type issuedKeyAnswer struct {
	Status int
	ETag   string `header:"ETag"`
	Body   issuedKey
}

func registerKeys(api huma.API, service *permissions.Service) {
	huma.Register(api, operation(http.MethodGet, "/keys", "list-keys", "List the keys of applications, with those that expired or were revoked"),
		func(ctx context.Context, in *struct {
			PageQuery
			IssuedState
			Account string `query:"account" doc:"Only those of this account, which is named as the policy does or by its id at the carrier."`
		}) (*keysAnswer, error) {
			found, err := service.Keys(callerOf(ctx), in.Account)
			if err != nil {
				return nil, problem(err)
			}
			answer := new(keysAnswer)
			answer.Body.Keys = make([]shownKey, 0, len(found))
			for _, key := range found {
				answer.Body.Keys = append(answer.Body.Keys, showKey(key.Key, service.Now()))
			}
			list := inStates(answer.Body.Keys, in.State, func(k *shownKey) string { return k.State })
			answer.Body.Keys, answer.Body.NextPage, err = paged(&in.PageQuery, list, func(k *shownKey) string { return k.SID })
			return answer, err
		})

	huma.Register(api, operation(http.MethodGet, "/keys/{sid}", "get-key", "Read a key, without its secret"),
		func(ctx context.Context, in *KeySID) (*keyAnswer, error) {
			found, err := service.Key(callerOf(ctx), in.SID)
			if err != nil {
				return nil, problem(err)
			}
			return &keyAnswer{ETag: etag(found.Revision), Body: showKey(found.Key, service.Now())}, nil
		})

	huma.Register(api, operation(http.MethodPost, "/keys", "create-key", "Issue a key to an application of an account"),
		func(ctx context.Context, in *struct {
			Terms
			Body statedKey
		}) (*issuedKeyAnswer, error) {
			answer := new(issuedKeyAnswer)
			asked, err := in.Body.read()
			if err != nil {
				return nil, err
			}
			made, err := written(&in.Terms, func(terms permissions.Terms) (result permissions.Result, err error) {
				var key *keys.Key
				key, answer.Body.Secret, result, err = service.CreateKey(ctx, callerOf(ctx), terms, asked)
				return shown(result, err == nil, func() any { return showKey(key, service.Now()) }), err
			})
			if err != nil {
				return nil, err
			}
			answer.Status, answer.ETag, answer.Body.ChangeResult = made.Status, made.ETag, made.Body
			return answer, nil
		})

	huma.Register(api, operation(http.MethodDelete, "/keys/{sid}", "revoke-key", "Revoke a key, which is refused from then on"),
		func(ctx context.Context, in *struct {
			KeySID
			Terms
		}) (*changeAnswer, error) {
			return written(&in.Terms, func(terms permissions.Terms) (permissions.Result, error) {
				key, result, err := service.RevokeKey(ctx, callerOf(ctx), terms, in.SID)
				return shown(result, err == nil, func() any { return showKey(key, service.Now()) }), err
			})
		})
}
