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

// Options say how a sandbox behaves. The zero value is ready to use.
type Options struct {
	// Now is the clock: it dates resources, ages them and times requests. It must be safe for concurrent use. The default
	// is time.Now.
	Now func() time.Time
	// Capacity is how many messages, and how many calls, are kept for each account; the oldest make room. The default is 1,000.
	Capacity int
	// Random is where SIDs and request identifiers come from. The default is crypto/rand; a test gives its own to know them beforehand.
	Random io.Reader
	// Tokens are the passwords of users (account SIDs and API key SIDs). Without any, every well-formed credential is
	// accepted; with some, only these are, and everyone else is answered 401 with code 20003.
	Tokens map[string]string
	// Bearers are the bearers' tokens that are accepted where there are Tokens.
	Bearers []string
}

const (
	defaultCapacity = 1000
	// maximumBody is far above anything Twilio's message and call parameters can fill.
	maximumBody = 1 << 20
)

// Sandbox is an http.Handler that answers as Twilio's API would. It is safe for concurrent use.
type Sandbox struct {
	now     func() time.Time
	random  io.Reader
	tokens  map[string]string
	bearers []string
	started time.Time

	inFlight atomic.Int64

	// exclusive guards what follows. All work under it is in memory and bounded, so one lock for everything is enough.
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

// exchange is one request on its way to an answer.
type exchange struct {
	target
	user       string // of the credential; empty with a bearer token
	parameters parameters
	now        time.Time
	identifier string // 32 hexadecimal digits; a created message has the same in its SID, as Twilio's do
}

// answer is what an operation has to say; without content it is a status alone.
type answer struct {
	status  int
	content content
}

// ServeHTTP answers one request.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := s.now()
	concurrent := s.inFlight.Add(1)
	defer s.inFlight.Add(-1)

	x := &exchange{target: readTarget(r.URL.Path), now: arrived, identifier: s.newIdentifier()}
	result := s.answer(x, w, r)

	header := w.Header()
	for name, value := range standingHeaders {
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
		_, _ = w.Write(body) // the client has gone; nobody is left to tell
	}
}

// answer decides who asks before what is asked, as Twilio is taken to do: that authentication comes first is unverified.
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
		return fail(20001, "{parameter}", "body").answer()
	}

	s.exclusive.Lock()
	defer s.exclusive.Unlock()
	result, failure := perform(s, x)
	if failure != nil {
		return failure.answer()
	}
	return result
}

// answerForOthers stands in for the other products, which are not played: nothing is stored there, and what is created
// in JSON lacks something. All else is not found.
func (x *exchange) answerForOthers(r *http.Request) answer {
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return answer{http.StatusOK, document{fields: object{{"meta", object{{"page", 0}, {"page_size", 50}}}}}}
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		return fail(20001, "{parameter}", "body").answer()
	}
	return x.notFound().answer()
}

// newIdentifier returns 32 lower-case hexadecimal digits. A source of randomness that has run dry is replaced by the system's.
func (s *Sandbox) newIdentifier() string {
	s.exclusive.Lock()
	defer s.exclusive.Unlock()
	var bytes [16]byte
	if _, err := io.ReadFull(s.random, bytes[:]); err != nil {
		_, _ = rand.Read(bytes[:]) // never returns an error
	}
	return hex.EncodeToString(bytes[:])
}
