//go:build linux

package main

import (
	"errors"
	"net"
	"net/http"
	"time"
)

// serveAuthorizer is what forward_auth asks: it permits one account, which it finds in the
// credential, and refuses all others as Twilio does. It sees no body, and so no
// destination.
func serveAuthorizer() error {
	l, err := listenAsSelf("")
	if err != nil {
		return err
	}
	headers, body := refusalHeaders(), []byte(refusalTo("+44770090XXXX"))
	server := &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if id, _, ok := r.BasicAuth(); ok && id == account {
				w.WriteHeader(http.StatusOK)
				return
			}
			for _, h := range headers {
				w.Header().Set(h.Name, h.Value)
			}
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write(body)
		}),
	}
	if err := server.Serve(l); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
