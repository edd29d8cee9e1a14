package handler

import (
	"context"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

func TestARequestOutlastsItsClientForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, goAway := context.WithCancel(t.Context())
		r := httptest.NewRequestWithContext(client, "POST", "/", nil)
		end := outlast(r)
		harness.Advance(time.Hour)
		goAway()
		left := time.Now()
		synctest.Wait()
		if r.Context().Err() != nil {
			t.Error("the request ends with its client")
		}
		<-r.Context().Done()
		if took := time.Since(left); took != longestOutlast {
			t.Errorf("the request ends after %s", took)
		}
		end()
		if r.Context() != client {
			t.Error("it does not have its own context again")
		}
	})
}
