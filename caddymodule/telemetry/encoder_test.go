package telemetry_test

import (
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/logging"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
)

// newEncoder is a log format as a Caddyfile states it.
func newEncoder(t *testing.T, text string) zapcore.Encoder {
	t.Helper()
	e := new(telemetry.Encoder)
	if err := e.UnmarshalCaddyfile(caddyfile.NewTestDispenser(text)); err != nil {
		t.Fatal(err)
	}
	if err := e.Provision(caddy.Context{}); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestACompactLogSaysTheVerdictFirst(t *testing.T) {
	const acme = "AC11111111111111111111111111111111"
	// 15:04 UTC: a line has the time of Caddy's own beside it, whatever the zone of the machine.
	at := time.Date(2026, 1, 2, 18, 4, 5, 67_000_000, time.FixedZone("", 3*60*60))
	decided := func(fields ...zap.Field) zap.Field { return zap.Dict("tollgate", fields...) }
	served := []zap.Field{zap.Int("status", 400), zap.Duration("duration", 1234*time.Microsecond)}
	for _, c := range []struct {
		name, format string
		fields       []zap.Field
		want         string
	}{
		{"a denial", "tollgate compact", append(served, decided(
			zap.String("account", acme), zap.String("channel", "messaging"), zap.String("to", "*********5678"),
			zap.String("territory", "UZ"), zap.String("class", ""), zap.String("verdict", "deny"),
			zap.String("reason", "territory_not_enabled"), zap.String("rule", "account "+acme+" messaging"))),
			"2026/01/02 15:04:05.067 DENY    " + acme + " messaging *********5678 UZ territory_not_enabled (account messaging) 400 1.23ms\n"},
		{"an account with a name of its own", "tollgate compact", append(served, decided(
			zap.String("account", acme), zap.String("name", "acme"), zap.String("verdict", "allow"), zap.String("reason", "enabled"))),
			"2026/01/02 15:04:05.067 ALLOW   acme enabled 400 1.23ms\n"},
		{"a request that the upstream did not answer", "tollgate compact", append(served, decided(
			zap.String("account", acme), zap.String("verdict", "allow"), zap.String("reason", "enabled")),
			zap.String("tollgate_error", "upstream_timeout")),
			"2026/01/02 15:04:05.067 ALLOW   " + acme + " enabled 400 1.23ms upstream_timeout\n"},
		{"no letter that a terminal takes for a command", "tollgate compact", append(served, decided(
			zap.String("account", "AC\x1b[2J\n"), zap.String("verdict", "deny"), zap.String("reason", "account_unknown"))),
			"2026/01/02 15:04:05.067 DENY    AC?[2J? account_unknown 400 1.23ms\n"},
		{"a destination that writes the fields behind it", "tollgate compact", append(served, decided(
			zap.String("account", acme), zap.String("to", `+998912345678" US enabled (account messaging) 201 1ms`), zap.String("verdict", "deny"),
			zap.String("reason", "destination_unreadable"))),
			"2026/01/02 15:04:05.067 DENY    " + acme + ` "+998912345678\" US enabled (account messaging) 201 1ms" destination_unreadable 400 1.23ms` + "\n"},
		{"a destination that turns the line around", "tollgate compact", append(served, decided(
			zap.String("account", acme), zap.String("to", "+1\u202e\u200b\u00a0\u2028é"), zap.String("verdict", "deny"),
			zap.String("reason", "destination_unreadable"))),
			"2026/01/02 15:04:05.067 DENY    " + acme + " +1????é destination_unreadable 400 1.23ms\n"},
		{"a destination that is cut in a character", "tollgate compact", append(served, decided(
			zap.String("account", acme), zap.String("to", strings.Repeat("x", 199)+"é"), zap.String("verdict", "deny"),
			zap.String("reason", "destination_unreadable"))),
			"2026/01/02 15:04:05.067 DENY    " + acme + " " + strings.Repeat("x", 199) + "\ufffd destination_unreadable 400 1.23ms\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			encoder := newEncoder(t, c.format)
			for range 2 { // the second line has nothing of the first
				line, err := encoder.EncodeEntry(zapcore.Entry{Time: at, Message: "handled request"}, c.fields)
				if err != nil || line.String() != c.want {
					t.Errorf("%v, logged\n%s, want\n%s", err, line, c.want)
				}
			}
			line, err := encoder.EncodeEntry(zapcore.Entry{Time: at, Message: "something else"}, []zap.Field{zap.Int("status", 200)})
			if err != nil || !strings.Contains(line.String(), "something else") || !strings.Contains(line.String(), `"status": 200`) {
				t.Errorf("%v, another line is logged as %s", err, line)
			}
		})
	}
}

// Caddy gives fields to a wrapped encoder one by one.
func TestACompactLogCanBeFiltered(t *testing.T) {
	filter := new(logging.FilterEncoder)
	if err := filter.UnmarshalCaddyfile(caddyfile.NewTestDispenser("filter {\n wrap tollgate compact\n resp_headers delete\n}")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := caddy.NewContext(caddy.Context{Context: t.Context()})
	defer cancel()
	if err := filter.Provision(ctx); err != nil {
		t.Fatal(err)
	}
	line, err := filter.EncodeEntry(zapcore.Entry{}, []zap.Field{zap.Int("status", 201), zap.Duration("duration", time.Millisecond),
		zap.Dict("tollgate", zap.String("account", "acme"), zap.String("verdict", "allow"), zap.String("reason", "enabled"))})
	if err != nil || line.String() != "0001/01/01 00:00:00.000 ALLOW   acme enabled 201 1ms\n" {
		t.Errorf("%v, logged %s", err, line)
	}
}

func TestALogThatGoesToNoTerminalIsJSON(t *testing.T) {
	encoder := newEncoder(t, "tollgate")
	if err := encoder.(caddy.ConfiguresFormatterDefault).ConfigureDefaultFormat(&logging.FileWriter{Filename: "access.log"}); err != nil {
		t.Fatal(err)
	}
	line, err := encoder.EncodeEntry(zapcore.Entry{Message: "handled request"}, []zap.Field{zap.Dict("tollgate", zap.String("verdict", "deny"))})
	if err != nil || !strings.Contains(line.String(), `"tollgate":{"verdict":"deny"}`) {
		t.Errorf("%v, logged %s", err, line)
	}
}

func TestTheFormatTakesWhatItKnows(t *testing.T) {
	for _, text := range []string{"tollgate short", "tollgate compact compact", "tollgate {\n headers yes\n}", "tollgate {\n mask\n}", "tollgate {\n mask last3\n}",
		"tollgate {\n mask last4\n mask none\n}", "tollgate {\n headers\n headers\n}", "tollgate {\n mask hmac secret\n}", "tollgate {\n header\n}"} {
		if err := new(telemetry.Encoder).UnmarshalCaddyfile(caddyfile.NewTestDispenser(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
