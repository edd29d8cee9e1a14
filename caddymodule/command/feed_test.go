package command_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestTheFeedsOfARunningGateAreShown(t *testing.T) {
	in := folder(t)
	write := func(name, text string) error { return os.WriteFile(filepath.Join(in, name), []byte(text), 0o600) }
	if err := errors.Join(write("own.txt", "+1201555\n"), write("same.txt", "+1201555\n"), write("more.txt", "+1201555\n+1201556\n"),
		write("many.txt", "1201555\n120156[0-7]\n"), write("short.txt", "120\n")); err != nil {
		t.Fatal(err)
	}
	const feeds = "feed gone gone.txt {\n\t\t\tblock\n\t\t}\n\t\tfeed own own.txt {\n\t\t\tclass high_risk_tollfraud\n\t\t}\n\t\taccount " + acme
	askGate(t, in, runGate(t, in, feeds), []gateStep{
		{"a feed whose file is not there has failed", "feed|list", "", 0, "gone  block                      0 ranges  no list, failed: stat ", ""},
		{"one that is in force", "feed|list", "", 0, "own   class high_risk_tollfraud  1 range   confirmed 20", ""},
		{"the list as JSON", "feed|list|--json", "", 0, `"state": "failed"`, ""},
		{"a feed", "feed|show|own", "", 0, "max change  50%", ""},
		{"a feed that there is not", "feed|show|none", "", 1, "", "feed none: not found"},
		{"the feeds of a number", "feed|show|+12015550123", "", 0, "own  +1201555  since 20", ""},
		{"a number that no feed has", "feed|show|+12025550123", "", 1, "no feed has +12025550123", ""},
		{"a number without its plus", "feed|show|12015550123", "", 1, "", "not found"},
		{"a file with the same", "feed|diff|own|same.txt", "", 0, "", ""},
		{"a file with more", "feed|diff|own|more.txt", "", 1, "added    +1201556", ""},
		{"a file with more than the feed would take", "feed|diff|own|many.txt", "", 1, "refused: it has 9 prefixes, and the last one that was good 1", ""},
		{"a file that no feed takes", "feed|diff|own|short.txt", "", 1, "", "short.txt is refused: line 1: +120 is too short"},
		{"a file for a feed that has none", "feed|diff|gone|same.txt", "", 1, "added    +1201555", ""},
	})
}
