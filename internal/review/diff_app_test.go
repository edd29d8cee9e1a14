package review_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

// What changes for messages by an app is listed where it is stated for the app: where it
// goes with messaging, that is listed alone.
func TestADifferenceNamesAnAppWhereItGoesByItself(t *testing.T) {
	account := func(sets string) string {
		return `{"accounts":[{"id":"AC11111111111111111111111111111111",` + sets + `}]}`
	}
	for _, test := range []struct{ name, before, after, want, without string }{
		{"with messaging", account(`"messaging":["US"]`), account(`"messaging":["US","GB"]`), "messaging: GB United Kingdom", "whatsapp"},
		{"a set of its own", account(`"messaging":["US"]`), account(`"messaging":["US"],"whatsapp":["US","GB"]`), "whatsapp: GB United Kingdom", "rcs"},
		{"no set of its own any more", account(`"messaging":["US"],"whatsapp":["US","GB"]`), account(`"messaging":["US"]`), "whatsapp: GB United Kingdom", "messaging:"},
		{"messaging beside a set of its own", account(`"messaging":["US"],"whatsapp":["US"]`), account(`"messaging":["US","GB"],"whatsapp":["US"]`), "messaging: GB United Kingdom", "whatsapp:"},
		{"a sender's", account(`"messaging":["US","GB"],"senders":{"+14155550100":{"messaging":["US"]}}`), account(`"messaging":["US","GB"],"senders":{"+14155550100":{"messaging":["US"],"rcs":["GB"]}}`), "rcs from sender +14155550100: GB United Kingdom", "whatsapp"},
		{"a code by it", account(`"messaging":["US"]`), account(`"messaging":["US"],"verify":{"whatsapp":["GB"]}`), "verify whatsapp: GB United Kingdom", "rcs"},
		{"a list", account(`"messaging":["US"]`), `{"unsupported":{"whatsapp":["US"]},` + account(`"messaging":["US"]`)[1:], "whatsapp: US United States now listed as not served", "rcs"},
	} {
		t.Run(test.name, func(t *testing.T) {
			difference := review.Diff(stated(t, "before", test.before), stated(t, "after", test.after), time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
			got := text(t, func(w io.Writer) error { return review.WriteDifference(w, difference) })
			if !strings.Contains(got, test.want) || strings.Contains(got, test.without) {
				t.Errorf("says\n%s\nwant %s, and nothing of %s", got, test.want, test.without)
			}
		})
	}
}
