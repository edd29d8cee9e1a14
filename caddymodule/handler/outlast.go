package handler

import (
	"context"
	"net/http"
	"time"
)

// longestOutlast is how long the carrier's answer is waited for once its client has gone away.
const longestOutlast = 10 * time.Second

// outlast has a request outlast its client until end is called, for the carrier's answer: that says
// whether its credential was one. Otherwise any client that hangs up in time would use up what an
// account has.
func outlast(r *http.Request) (end func()) {
	ofClient := r.Context()
	ctx, cancel := context.WithCancel(context.WithoutCancel(ofClient))
	stop := context.AfterFunc(ofClient, func() {
		late := time.NewTimer(longestOutlast)
		defer late.Stop()
		select {
		case <-late.C:
			cancel()
		case <-ctx.Done():
		}
	})
	*r = *r.WithContext(ctx) // in place: what is forwarded has to be the request that was judged
	return func() {
		stop()
		cancel()
		*r = *r.WithContext(ofClient)
	}
}
