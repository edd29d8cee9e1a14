package sandbox

import (
	"strconv"
	"time"
)

// standingHeaders are on every response, as recorded from api.twilio.com in November 2023 and July 2020. The spelling
// is Twilio's, so they are put into the header as they are, past Go's canonical form.
var standingHeaders = map[string]string{
	"Access-Control-Allow-Origin": "*",
	"Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, " +
		"If-Unmodified-Since, Idempotency-Key",
	"Access-Control-Allow-Methods":     "GET, POST, DELETE, OPTIONS",
	"Access-Control-Expose-Headers":    "ETag",
	"Access-Control-Allow-Credentials": "true",
	"X-Powered-By":                     "AT-5000",
	"X-Shenanigans":                    "none",
	"X-Home-Region":                    "us1",
	"X-API-Domain":                     "api.twilio.com",
	"Strict-Transport-Security":        "max-age=31536000",
}

// challenge comes with a 401.
const challenge = `Basic realm="Twilio API"`

// seconds writes a duration as Twilio-Request-Duration does: three decimals. A clock that went back took no time.
func seconds(duration time.Duration) string {
	return strconv.FormatFloat(max(0, duration.Seconds()), 'f', 3, 64)
}
