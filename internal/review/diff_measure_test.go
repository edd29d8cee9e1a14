package review_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/review"
)

func TestADifferenceSaysWhatRulesCoverAndWhatIsWarnedOfNow(t *testing.T) {
	const accounts = "accounts:\n  - {id: " + acme + ", label: Acme, messaging: [US, DE, IR%s]}\n  - {id: " + brazil + ", messaging: [BR]}\n"
	before := reviewedFile(t, "old.yaml", "version: 1\nprefixes:\n  - {block: \"+49\", reason: gone}\n  - {allow: \"+88\", reason: stays}\n"+fmt.Sprintf(accounts, ""))
	after := reviewedFile(t, "new.yaml", "version: 1\nprefixes:\n  - {allow: \"+88\", reason: stays}\n  - {block: \"+1\", reason: new}\n"+fmt.Sprintf(accounts, ", NG"))
	d := review.Diff(before.Side, after.Side, night)
	d.Measure(&before, &after)
	golden(t, "diff measured", text(t, func(w io.Writer) error { return review.WriteDifference(w, d) }))
	again := review.Diff(after.Side, after.Side, night)
	if again.Measure(&after, &after); len(again.Warnings) > 0 {
		t.Errorf("warns of what was there before: %+v", again.Warnings)
	}
}

func TestAWholeDifferenceNamesEveryAccount(t *testing.T) {
	policy := func(territories string) review.Side {
		var accounts []string
		for i := range 7 {
			accounts = append(accounts, fmt.Sprintf(`{"id": "AC%032d", "messaging": [%s]}`, i, territories))
		}
		return stated(t, "a", `{"accounts": [`+strings.Join(accounts, ", ")+`]}`)
	}
	d := review.Diff(policy(`"US"`), policy(`"US", "GB"`), night)
	short := text(t, func(w io.Writer) error { return review.WriteDifference(w, d) })
	whole := text(t, func(w io.Writer) error { return review.WriteWholeDifference(w, d) })
	if !strings.Contains(short, " and 4 more\naccounts\n") || strings.Count(whole, "AC0000") != 7 {
		t.Errorf("got\n%s\nand\n%s", short, whole)
	}
}
