package libphonenumber

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// differInNode are the territories in which a library says something else, with the reason.
var differInNode = []struct{ library, territories, reason string }{
	{"google-libphonenumber", "CN IR NG US", "changed in libphonenumber 9.0.41 of 2026-10; 3.2.47 is of 2026-09-29"},
	{"google-libphonenumber", "AU BJ BW CN CO CR CV DE DK EC ES ET FI GE GH GY IN KE KW LA PG PY RO RU SH ZW",
		"changed in libphonenumber 9.0.42 or 9.0.43, which are newer still"},
	{"libphonenumber-js", "TA", "it calls every fixed line of a territory without mobile numbers one that may be mobile"},
}

// typeNames are the kinds in the words of both libraries.
var typeNames = map[numbering.Kind]string{
	numbering.FixedLine: "FIXED_LINE", numbering.Mobile: "MOBILE", numbering.FixedLineOrMobile: "FIXED_LINE_OR_MOBILE",
	numbering.TollFree: "TOLL_FREE", numbering.PremiumRate: "PREMIUM_RATE", numbering.SharedCost: "SHARED_COST",
	numbering.VoIP: "VOIP", numbering.PersonalNumber: "PERSONAL_NUMBER", numbering.Pager: "PAGER",
	numbering.UAN: "UAN", numbering.Voicemail: "VOICEMAIL",
}

// Two libraries of Node.js, each with code and metadata of its own, say of numbers drawn
// from the patterns what the plan says, except where the table has a reason.
func TestThePlanAgreesWithLibrariesOfNode(t *testing.T) {
	count, r := drawn(t)
	next := numbersOf(t, r, currentRegions(t))
	library, plan := New(), numbering.Default()
	var numbers []string
	var input bytes.Buffer
	for len(numbers) < count {
		digits := next()
		if code, national := library.split(digits); len(digits) <= numbering.E164Digits && !isKnownBetter(digits) {
			numbers = append(numbers, digits)
			fmt.Fprintf(&input, "%s %s\n", code.digits, national)
		}
	}
	answers := askNode(t, &input)
	if len(answers) != len(numbers) {
		t.Fatalf("there are %d answers to %d numbers", len(answers), len(numbers))
	}
	asked := 0
	for i, digits := range numbers {
		google, js, _ := strings.Cut(answers[i], "\t")
		want := describe(plan.Lookup(digits))
		compareWithNode(t, "google-libphonenumber", digits, want, google)
		if js == "?" {
			continue // it reads other digits
		}
		asked++
		compareWithNode(t, "libphonenumber-js", digits, want, js)
	}
	if asked < count/2 {
		t.Errorf("libphonenumber-js read only %d of %d numbers", asked, count)
	}
}

// describe puts an assignment in the words of both libraries.
func describe(a numbering.Assignment) string {
	if !a.Listed {
		return "-"
	}
	territory := a.Territories[0].String()
	if strings.HasPrefix(territory, "+") {
		territory = "001"
	}
	for kind, name := range typeNames {
		if a.Kinds.Has(kind) {
			return territory + " " + name
		}
	}
	return "-"
}

func compareWithNode(t *testing.T, library, digits, want, got string) {
	t.Helper()
	if got == want {
		return
	}
	for _, row := range differInNode {
		for _, answer := range []string{got, want} {
			territory, _, _ := strings.Cut(answer, " ")
			if row.library == library && slices.Contains(strings.Fields(row.territories), territory) {
				return
			}
		}
	}
	t.Errorf("+%s is %q, and in %s %q", digits, want, library, got)
}

// askNode returns the answers of both libraries, a line for each number.
func askNode(t *testing.T, numbers *bytes.Buffer) []string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat("node/node_modules/google-libphonenumber")
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("the libraries are not installed: run .ci/install-clients:", err)
		}
		t.Skip("the libraries are not installed: run .ci/install-clients:", err)
	}
	command := exec.Command(node, "ask.js")
	command.Dir, command.Stdin, command.Stderr = "node", numbers, os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatal("asking the libraries of Node.js:", err)
	}
	return strings.Split(strings.TrimSpace(string(output)), "\n")
}
