package alert

import (
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/notify"
)

// A gate without a target hears of all notices, and delivers none.
func TestNoticesThatAreTooOldAreForgotten(t *testing.T) {
	now := time.Now()
	o := newOutbox()
	o.hear(&noticeDocument{Notice: &notify.Notice{ID: "one", At: now}, Holder: "another", Until: now}, "this")
	none := func(incident.Kind) []string { return nil }
	if o.pending(now.Add(notify.MaxAge), false, none); len(o.notices) != 1 {
		t.Error("it is forgotten before")
	}
	if o.pending(now.Add(notify.MaxAge+lease), false, none); len(o.notices) != 0 {
		t.Error("it is remembered")
	}
}
