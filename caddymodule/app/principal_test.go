package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/http"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"github.com/caddy-tollgate/tollgate/internal/access"
)

func TestACertificateProvesWhoAClientIsOnlyOnceVerified(t *testing.T) {
	a := &App{administrators: &access.Administrators{Owner: []string{"cert:gate"}, Admin: []string{"alice"}, Viewer: []string{"gate"}}}
	of := func(name string) *x509.Certificate { return &x509.Certificate{Subject: pkix.Name{CommonName: name}} }
	presented := func(name string) *tls.ConnectionState {
		return &tls.ConnectionState{PeerCertificates: []*x509.Certificate{of(name)}}
	}
	verified := func(name string) *tls.ConnectionState {
		state := presented(name)
		state.VerifiedChains = [][]*x509.Certificate{{state.PeerCertificates[0], of("an authority")}}
		return state
	}
	for _, c := range []struct {
		says   string
		tls    *tls.ConnectionState
		user   string
		bearer string
		want   access.Role
	}{
		{"a verified certificate", verified("gate"), "", "", access.Owner},
		{"one that was only presented", presented("gate"), "", "", access.NoRole},
		{"one of another name", verified("gate2"), "", "", access.NoRole},
		{"the authority's name", verified("an authority"), "", "", access.NoRole},
		{"one of a user's name", verified("alice"), "", "", access.NoRole},
		{"one without a name", verified(""), "", "", access.NoRole},
		{"one of a user who is known besides", verified("gate"), "alice", "", access.Admin},
		{"one of a user who is known and has no role", verified("gate"), "mallory", "", access.NoRole},
		{"one with a bearer token that no one accepted", verified("gate"), "", "eyJ", access.NoRole},
		{"no certificate", new(tls.ConnectionState), "", "", access.NoRole},
		{"no TLS", nil, "", "", access.NoRole},
	} {
		t.Run(c.says, func(t *testing.T) {
			repl := caddy.NewReplacer()
			if c.user != "" {
				repl.Set("http.auth.user.id", c.user)
			}
			r := (&http.Request{Header: http.Header{}, TLS: c.tls}).WithContext(context.WithValue(t.Context(), caddy.ReplacerCtxKey, repl))
			if c.bearer != "" {
				r.Header.Set("Authorization", "Bearer "+c.bearer)
			}
			got, err := a.principal(r)
			if got.Role != c.want || (err == nil) != (c.want != access.NoRole) || err != nil && !errors.Is(err, access.ErrNoAccess) {
				t.Errorf("%s, %v", got.Role, err)
			}
		})
	}
}
