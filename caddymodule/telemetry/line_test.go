package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/logging"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// newFormat is a log format of any kind, as Caddy loads it from a Caddyfile.
func newFormat(t testing.TB, text string) zapcore.Encoder {
	t.Helper()
	name, _, _ := strings.Cut(text, " ")
	id := "caddy.logging.encoders." + name
	d := caddyfile.NewTestDispenser(text)
	d.Next()
	format, err := caddyfile.UnmarshalModule(d, id)
	if err != nil {
		t.Fatal(err)
	}
	stated, err := json.Marshal(format)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := caddy.NewContext(caddy.Context{Context: t.Context()})
	t.Cleanup(cancel)
	loaded, err := ctx.LoadModuleByID(id, stated)
	if err != nil {
		t.Fatal(err)
	}
	return loaded.(zapcore.Encoder)
}

// exchange is a request and its answer, as the access log gets them.
type exchange struct {
	request *http.Request
	fields  []zapcore.Field
}

// newExchange is a message that was let through, with the headers of Twilio's Node library
// and of Twilio's answer.
func newExchange(t testing.TB, uri string) exchange {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, uri, nil)
	r.RemoteAddr = "10.0.0.7:51234"
	for name, value := range map[string]string{
		"Accept": "application/json", "Accept-Charset": "utf-8", "Accept-Encoding": "gzip, compress, deflate, br",
		"Authorization": "Basic secret", "Content-Length": "68", "Content-Type": "application/x-www-form-urlencoded",
		"User-Agent": "twilio-node/5.3.0 (linux x64) node/20.11.1", "Referer": "https://app.example/?To=%2B12015550123",
	} {
		r.Header.Set(name, value)
	}
	r = r.WithContext(context.WithValue(r.Context(), caddyhttp.VarsCtxKey, map[string]any{caddyhttp.ClientIPVarKey: "10.0.0.7"}))
	answer := http.Header{}
	for name, value := range map[string]string{
		"Content-Type": "application/json; charset=utf-8", "Content-Length": "712", "Date": "Fri, 02 Jan 2026 15:04:05 GMT",
		"Twilio-Request-Id": "RQ11111111111111111111111111111111", "Twilio-Request-Duration": "0.083",
		"X-Shenanigans": "none", "X-Powered-By": "AT-5000", "Server": "Caddy",
	} {
		answer.Set(name, value)
	}
	us, _ := numbering.ParseTerritory("US")
	decision := &gate.Decision{
		Account: "AC11111111111111111111111111111111", To: "+12015550123", From: "+12015550199", Number: "12015550123", Sends: 1, Revision: "666b4a59f6ea",
		Verdict: policy.Verdict{Territory: us, Reason: policy.Enabled, Rule: "account AC11111111111111111111111111111111 messaging"},
	}
	return exchange{r, []zapcore.Field{
		zap.Int("bytes_read", 68), zap.String("user_id", ""), zap.Duration("duration", 1234567*time.Nanosecond), zap.Int("size", 712), zap.Int("status", 201),
		zap.Object("resp_headers", caddyhttp.LoggableHTTPHeader{Header: answer}),
		zap.Object("tollgate", telemetry.LoggedDecision{Decision: decision}),
	}}
}

// log writes the line as Caddy's server does (modules/caddyhttp/server.go, ServeHTTP and
// logRequest).
func (e exchange) log(logger *zap.Logger) {
	logger = logger.WithLazy(zap.Object("request", caddyhttp.LoggableHTTPRequest{Request: e.request}))
	if line := logger.Check(zap.InfoLevel, "handled request"); line != nil {
		line.Write(e.fields...)
	}
}

func newLogger(encoder zapcore.Encoder, to *bytes.Buffer) *zap.Logger {
	return zap.New(zapcore.NewCore(encoder, zapcore.AddSync(to), zap.InfoLevel)).Named("http.log.access.log0")
}

const messagesURI = "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages.json"

// filtered is the format with Caddy's filter, which masks the same and leaves out the same.
const filtered = "filter {\n request>uri tollgate last4\n request>headers delete\n resp_headers delete\n"

// The format alone is what a filter makes of it, for any line.
func TestTheFormatLogsWhatAFilterLeavesOfALine(t *testing.T) {
	for _, uri := range []string{messagesURI, messagesURI + "?To=%2B12015550123&PageSize=50", "/v2/PhoneNumbers/12015550123"} {
		for _, compact := range []string{"", " compact"} {
			for name, fields := range map[string]func(exchange) []zapcore.Field{
				"a decision": func(e exchange) []zapcore.Field { return e.fields },
				"no decision": func(e exchange) []zapcore.Field {
					return append(slices.Clone(e.fields[:5]), zap.String("tollgate_error", "upstream_timeout"), zap.Error(errors.New("reading")), e.fields[5])
				},
			} {
				t.Run(uri+compact+" "+name, func(t *testing.T) {
					e := newExchange(t, uri)
					e.fields = fields(e)
					var got, want bytes.Buffer
					at := zap.WithClock(constantClock(time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)))
					e.log(newLogger(newFormat(t, "tollgate"+compact), &got).WithOptions(at))
					e.log(newLogger(newFormat(t, filtered+" wrap tollgate"+compact+"\n}"), &want).WithOptions(at))
					if got.String() != want.String() || got.Len() == 0 {
						t.Errorf("the format logs\n%s, a filter\n%s", &got, &want)
					}
				})
			}
		}
	}
}

// constantClock is always at one time.
type constantClock time.Time

func (c constantClock) Now() time.Time                       { return time.Time(c) }
func (constantClock) NewTicker(d time.Duration) *time.Ticker { return time.NewTicker(d) }

// Caddy's modules log URIs and headers in more places than the access log does.
func TestTheFormatMasksEachURIAndLeavesOutEachHeader(t *testing.T) {
	header := caddyhttp.LoggableHTTPHeader{Header: http.Header{"Referer": {"https://app.example/?To=%2B12015550123"}, "X-Short": {"123456"}}}
	request := caddyhttp.LoggableHTTPRequest{Request: &http.Request{RequestURI: "/x?To=%2B12015550123", Header: header.Header}}
	for _, c := range []struct {
		name  string
		field zapcore.Field
		want  string // with headers; without, what is in them is absent
	}{
		{"the request", zap.Object("request", request), `{"request":{"remote_ip":"","remote_port":"","proto":"","method":"","host":"","uri":"/x?To=********0123"HEADERS}}`},
		{"a URI beside it, as of rewrite", zap.String("uri", "/x?To=%2B12015550123"), `{"uri":"/x?To=********0123"}`},
		{"the answer's headers, as of reverse_proxy", zap.Object("headers", header), `{HEADERS}`},
		{"headers under another name, as of push", zap.Object("push_headers", header), `{HEADERS}`},
		{"a request in an object", zap.Dict("outer", zap.Object("request", request)), `{"outer":{"request":{"remote_ip":"","remote_port":"","proto":"","method":"","host":"","uri":"/x?To=********0123"HEADERS}}}`},
		{"a request without a name", zap.Inline(request), `{"remote_ip":"","remote_port":"","proto":"","method":"","host":"","uri":"/x?To=********0123"HEADERS}`},
		{"an error", zap.Error(errors.New("dial")), `{"error":"dial"}`},
	} {
		for _, format := range []string{"tollgate", "tollgate {\n headers\n}"} {
			for _, way := range []string{"of the line", "of the logger"} {
				t.Run(c.name+" "+way+" "+format, func(t *testing.T) {
					var to bytes.Buffer
					logger := zap.New(zapcore.NewCore(newFormat(t, format), zapcore.AddSync(&to), zap.DebugLevel))
					if way == "of the line" {
						logger.Debug("", c.field)
					} else {
						logger.With(c.field).Debug("")
					}
					var got map[string]any
					if err := json.Unmarshal(to.Bytes(), &got); err != nil {
						t.Fatalf("%v in %s", err, &to)
					}
					delete(got, "level")
					delete(got, "ts")
					delete(got, "msg")
					name := c.field.Key
					if name == "request" || name == "outer" || name == "" {
						name = "headers"
					}
					headers := ""
					if strings.Contains(format, "headers") {
						headers = `"` + name + `":{"Referer":["https://app.example/?To=********0123"],"X-Short":["123456"]}`
						if strings.Contains(c.want, `"HEADERS`) {
							headers = "," + headers
						}
					}
					var want map[string]any
					if err := json.Unmarshal([]byte(strings.ReplaceAll(c.want, "HEADERS", headers)), &want); err != nil {
						t.Fatal(err)
					}
					if !reflect.DeepEqual(got, want) {
						t.Errorf("logged %v, want %v", got, want)
					}
				})
			}
		}
	}
}

// Caddy writes the same fields into all logs of a site.
func TestTheFormatLeavesTheFieldsToOtherLogs(t *testing.T) {
	e := newExchange(t, messagesURI)
	var masked, whole, before bytes.Buffer
	json := func(to *bytes.Buffer) zapcore.Core {
		return zapcore.NewCore(newFormat(t, "json {\n time_format wall\n}"), zapcore.AddSync(to), zap.InfoLevel)
	}
	at := zap.WithClock(constantClock(time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)))
	e.fields[5] = zap.Object("resp_headers", caddyhttp.LoggableHTTPHeader{Header: http.Header{"Server": {"Caddy"}}}) // maps have no order
	e.request.Header = nil
	e.log(zap.New(json(&before), at))
	e.log(zap.New(zapcore.NewTee(zapcore.NewCore(newFormat(t, "tollgate"), zapcore.AddSync(&masked), zap.InfoLevel), json(&whole)), at))
	if masked.Len() == 0 || strings.Contains(masked.String(), "resp_headers") || whole.String() != before.String() {
		t.Errorf("another log gets\n%s, alone\n%s", &whole, &before)
	}
}

func TestTheFilterStatesWhatTheFormatInItMasks(t *testing.T) {
	for _, options := range []string{"mask last4", "headers"} {
		var filter logging.FilterEncoder
		d := caddyfile.NewTestDispenser("filter {\n wrap tollgate {\n " + options + "\n }\n}")
		if err := filter.UnmarshalCaddyfile(d); err != nil {
			t.Fatal(err)
		}
		stated, err := json.Marshal(&filter)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := caddy.NewContext(caddy.Context{Context: t.Context()})
		defer cancel()
		if _, err := ctx.LoadModuleByID("caddy.logging.encoders.filter", stated); err == nil || !strings.Contains(err.Error(), "takes neither mask nor headers") {
			t.Errorf("%s: %v", options, err)
		}
	}
	var to bytes.Buffer
	e := newExchange(t, "/x?To=%2B12015550123")
	e.log(newLogger(newFormat(t, "filter {\n wrap tollgate\n request>uri tollgate none\n}"), &to))
	if !strings.Contains(to.String(), "%2B12015550123") || !strings.Contains(to.String(), "resp_headers") {
		t.Errorf("the format masks what a filter has left: %s", &to)
	}
}

func BenchmarkLine(b *testing.B) {
	e := newExchange(b, messagesURI)
	for _, c := range []struct{ name, format string }{
		{"json", "json"},
		{"console", "console"},
		{"filter json", filtered + "}"},
		{"filter tollgate", filtered + " wrap tollgate\n}"},
		{"tollgate", "tollgate"},
		{"tollgate with headers", "tollgate {\n headers\n}"},
		{"filter tollgate compact", filtered + " wrap tollgate compact\n}"},
		{"tollgate compact", "tollgate compact"},
	} {
		b.Run(c.name, func(b *testing.B) {
			var to bytes.Buffer
			logger := newLogger(newFormat(b, c.format), &to)
			e.log(logger)
			length := to.Len()
			b.ReportAllocs()
			for b.Loop() {
				to.Reset()
				e.log(logger)
			}
			b.ReportMetric(float64(length), "B/line")
		})
	}
}
