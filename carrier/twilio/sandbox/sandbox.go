package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options configure a sandbox. The zero value is ready to use.
type Options struct {
	// Now is the clock of resources and requests. It must be safe for concurrent use.
	// The default is time.Now.
	Now func() time.Time
	// Capacity is how many messages, and how many calls, each account keeps; new ones
	// replace the oldest. The default is 1,000.
	Capacity int
	// Random is the source of SIDs and request identifiers. The default is crypto/rand;
	// tests set their own to predict them.
	Random io.Reader
	// Tokens are the passwords of users (account SIDs and API key SIDs). Without any,
	// the sandbox accepts every well-formed credential; otherwise it accepts only these
	// and answers all others with 401 and code 20003.
	Tokens map[string]string
	// Bearers are the bearer tokens that the sandbox accepts if it has Tokens.
	Bearers []string
}

const (
	defaultCapacity = 1000
	// maximumBody is far more than the parameters of a message or call need.
	maximumBody = 1 << 20
)

// Sandbox is an http.Handler that answers as Twilio's API would. It is safe for
// concurrent use.
type Sandbox struct {
	now     func() time.Time
	random  io.Reader
	tokens  map[string]string
	bearers []string
	started time.Time

	inFlight atomic.Int64

	// exclusive guards the fields below. All work under it is bounded and in memory, so
	// one lock is enough.
	exclusive sync.Mutex
	resources *store
}

// New returns an empty sandbox.
func New(options Options) *Sandbox {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Capacity <= 0 {
		options.Capacity = defaultCapacity
	}
	if options.Random == nil {
		options.Random = rand.Reader
	}
	return &Sandbox{
		now:       options.Now,
		random:    options.Random,
		tokens:    maps.Clone(options.Tokens),
		bearers:   slices.Clone(options.Bearers),
		started:   options.Now(),
		resources: newStore(options.Capacity),
	}
}

// exchange is one request and its context.
type exchange struct {
	target
	user       string // of the credential; empty with a bearer token
	parameters parameters
	now        time.Time
	identifier string // 32 hexadecimal digits; a created message has the same in its SID, as Twilio's do
}

// answer is the result of an operation; without content it is only a status.
type answer struct {
	status  int
	content content
}

// fixedHeaders are in every response, as recorded from api.twilio.com in November 2023
// and July 2020. The spelling is Twilio's, not Go's canonical form.
var fixedHeaders = map[string]string{
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

// ServeHTTP answers one request.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := s.now()
	concurrent := s.inFlight.Add(1)
	defer s.inFlight.Add(-1)

	x := &exchange{target: readTarget(r.URL.Path), now: arrived, identifier: s.newIdentifier()}
	result := s.answer(x, w, r)

	header := w.Header()
	for name, value := range fixedHeaders {
		header[name] = []string{value}
	}
	header.Set("Twilio-Request-Id", "RQ"+x.identifier)
	header.Set("Twilio-Concurrent-Requests", strconv.FormatInt(concurrent, 10))
	header.Set("Twilio-Request-Duration", seconds(s.now().Sub(arrived)))
	if result.status == http.StatusUnauthorized {
		header["WWW-Authenticate"] = []string{challenge}
	}
	if result.content == nil {
		w.WriteHeader(result.status)
		return
	}
	body := x.representation.write(result.content)
	header.Set("Content-Type", x.representation.contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(result.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error means that the client has gone
	}
}

// seconds writes a duration as Twilio-Request-Duration does, with three decimals. It is
// never negative, even if the clock is set back.
func seconds(duration time.Duration) string {
	return strconv.FormatFloat(max(0, duration.Seconds()), 'f', 3, 64)
}

// answer authenticates a request before it looks at the rest; that Twilio does the same
// is unverified.
func (s *Sandbox) answer(x *exchange, w http.ResponseWriter, r *http.Request) answer {
	user, known := s.authenticate(r.Header)
	if !known {
		return fail(20003).answer()
	}
	x.user = user

	if x.other {
		return x.answerForOthers(r)
	}
	methods, known := operations[x.shape()]
	if !known {
		return x.notFound().answer()
	}
	perform, allowed := methods[r.Method]
	if !allowed {
		return fail(20004).answer()
	}

	var err error
	if x.parameters, err = readParameters(w, r); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return fail(bodyTooLarge).answer()
		}
		return failWith(20001, details{parameter: "body"}).answer()
	}

	s.exclusive.Lock()
	defer s.exclusive.Unlock()
	result, failure := perform(s, x)
	if failure != nil {
		return failure.answer()
	}
	return result
}

// answerForOthers answers for the products that the sandbox does not imitate: lists are
// empty, JSON lacks a parameter, and everything else is not found.
func (x *exchange) answerForOthers(r *http.Request) answer {
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return answer{http.StatusOK, document{fields: emptyList(x.path)}}
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		return failWith(20001, details{parameter: "body"}).answer()
	}
	return x.notFound().answer()
}

// emptyList is a list of the newer products, which name it by the last part of the path
// (https://www.twilio.com/docs/usage/twilios-response#pagination).
func emptyList(path string) object {
	key := snakeCase(path[strings.LastIndex(path, "/")+1:])
	return object{{key, []object{}}, {"meta", object{
		{"key", key}, {"page", 0}, {"page_size", defaultPageSize}, {"first_page_url", nil}, {"next_page_url", nil}, {"previous_page_url", nil}, {"url", nil},
	}}}
}

// newIdentifier returns 32 lower-case hexadecimal digits. If Random fails, it uses
// crypto/rand.
func (s *Sandbox) newIdentifier() string {
	s.exclusive.Lock()
	defer s.exclusive.Unlock()
	var bytes [16]byte
	if _, err := io.ReadFull(s.random, bytes[:]); err != nil {
		_, _ = rand.Read(bytes[:]) // never returns an error
	}
	return hex.EncodeToString(bytes[:])
}
