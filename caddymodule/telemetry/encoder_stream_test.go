package telemetry

import (
	"os"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/logging"
)

// Standard output may be a pipe to a program that reads JSON, beside a standard error that
// is a terminal.
func TestTheFormatIsThatOfTheStreamThatTheLogGoesTo(t *testing.T) {
	for _, c := range []struct {
		name   string
		writer caddy.WriterOpener
		want   *os.File
	}{
		{"standard output", caddy.StdoutWriter{}, os.Stdout},
		{"as a module", new(caddy.StdoutWriter), os.Stdout},
		{"standard error", caddy.StderrWriter{}, os.Stderr},
		{"as a module", new(caddy.StderrWriter), os.Stderr},
		{"a file", &logging.FileWriter{Filename: "access.log"}, nil},
		{"nowhere", caddy.DiscardWriter{}, nil},
	} {
		if got := streamOf(c.writer); got != c.want {
			t.Errorf("%s goes to %v", c.name, got)
		}
	}
}
