package refusal

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
)

// fixedHeader are fields of every answer, as recorded on a refused message in November
// 2023 (keploy's sample recordings), in Twilio's letter case.
var fixedHeader = []carrier.Field{
	{Name: "Twilio-Concurrent-Requests", Value: "1"},
	{Name: "Twilio-Request-Duration", Value: "0.002"},
	{Name: "Access-Control-Allow-Origin", Value: "*"},
	{Name: "Access-Control-Allow-Headers", Value: "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, " +
		"If-None-Match, If-Unmodified-Since, Idempotency-Key"},
	{Name: "Access-Control-Allow-Methods", Value: "GET, POST, DELETE, OPTIONS"},
	{Name: "Access-Control-Expose-Headers", Value: "ETag"},
	{Name: "Access-Control-Allow-Credentials", Value: "true"},
	{Name: "X-Powered-By", Value: "AT-5000"},
	{Name: "X-Shenanigans", Value: "none"},
	{Name: "X-Home-Region", Value: "us1"},
	{Name: "Strict-Transport-Security", Value: "max-age=31536000"},
}

// RequestID returns a new request ID: "RQ" and 32 hexadecimal digits. It is not a secret,
// so that it does not ask the system for each.
func RequestID() string {
	var room [requestIDLength]byte
	return string(appendRequestID(room[:0]))
}

// idAndDomain returns a new request ID and the domain of an operation's product, in one
// allocation.
func idAndDomain(op *carrier.Operation) (id, domain string) {
	var room [64]byte
	b := appendRequestID(room[:0])
	b = append(b, op.Product...)
	b = append(b, '.')
	both := string(append(b, operations.Domain...))
	return both[:requestIDLength], both[requestIDLength:]
}

// requestIDLength is the length of a request ID, in bytes.
const requestIDLength = len("RQ") + 32

// appendRequestID appends a new request ID.
func appendRequestID(b []byte) []byte {
	var random [16]byte
	binary.NativeEndian.PutUint64(random[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(random[8:], rand.Uint64())
	return hex.AppendEncode(append(b, "RQ"...), random[:])
}
