package clients_test

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// recorder is an upstream that keeps what it gets and answers each request with
// an empty object.
type recorder struct {
	address string

	mu       sync.Mutex
	requests []string
}

func startRecorder(t *testing.T) *recorder {
	t.Helper()
	r := new(recorder)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.address = strings.TrimPrefix(server.URL, "http://")
	return r
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.mu.Lock()
	r.requests = append(r.requests, fmt.Sprintf("%s %s%s %s", request.Method, request.Host, request.RequestURI, body))
	r.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if request.Method == http.MethodPost {
		w.WriteHeader(http.StatusCreated)
	}
	_, _ = io.WriteString(w, `{"messages": []}`)
}

// seen returns the requests that arrived so far.
func (r *recorder) seen() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// send is what the program says of one way to name a destination.
type send struct {
	File    string
	How     string
	Refusal *struct {
		Status, Code int
		Short        bool
	}
	Allowed, Denied outcome
}

// outcome is what became of a request: empty if it went well.
type outcome struct {
	Typed        bool
	Code, Status int
	MoreInfo     string
	Message      string
}

// nodeSends runs the program and returns what it says.
func nodeSends(t *testing.T, gate string) []send {
	t.Helper()
	output, ok := run(t, nodeProgram("testdata/sends")(t), gate)
	if !ok {
		t.Fatalf("the program fails:\n%s", output)
	}
	var sends []send
	for line := range strings.Lines(output) {
		var s send
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		sends = append(sends, s)
	}
	return sends
}

// Whatever the library can name a destination in is judged, and a refusal is the
// library's own exception. Requests that are in none of the gate's tables would
// be refused here.
func TestTwiliosLibraryReachesOnlyAllowedDestinations(t *testing.T) {
	upstream := startRecorder(t)
	address := harness.FreeAddress(t)
	startGate(t, fmt.Sprintf(`{
	admin off
	auto_https off
	tollgate {
		account %s {
			messaging US CA
			voice US CA
		}
	}
}
%s {
	tollgate twilio {
		upstream %s
		unknown deny
	}
	reverse_proxy {http.tollgate.upstream}
}
`, account, port(address), upstream.address), address)

	passed := 0
	for _, s := range nodeSends(t, "http://"+address) {
		passed++
		if s.Refusal == nil {
			passed++
		}
		t.Run(strings.TrimSuffix(s.File+" "+s.How, " "), func(t *testing.T) {
			if s.Allowed != (outcome{}) {
				t.Errorf("one that may be reached: %+v", s.Allowed)
			}
			if s.Refusal == nil {
				if s.Denied != (outcome{}) {
					t.Errorf("it reaches no one: %+v", s.Denied)
				}
				return
			}
			want := outcome{Typed: true, Code: s.Refusal.Code, Status: s.Refusal.Status, Message: s.Denied.Message}
			if !s.Refusal.Short {
				want.MoreInfo = fmt.Sprintf("https://www.twilio.com/docs/errors/%d", s.Refusal.Code)
			}
			shown := inUZ
			if s.Refusal.Code == 21408 && strings.HasPrefix(s.File, "api/v2010/") {
				shown = inUZ[:len(inUZ)-4] + "XXXX" // Messages mask it
			}
			if s.Denied != want || !strings.Contains(s.Denied.Message, shown) && !strings.Contains(s.Denied.Message, "UZ is blocked") {
				t.Errorf("one that may not be reached: %+v", s.Denied)
			}
		})
	}
	if forwarded := upstream.seen(); len(forwarded) != passed {
		t.Errorf("%d requests went on, want %d:\n%s", len(forwarded), passed, strings.Join(forwarded, "\n"))
	}
}

// destination finds a parameter by which the library names who is to be reached.
var destination = regexp.MustCompile(`data\["(To|\w+To|ToBinding|Identifier|Twiml|Participants?|MessagingBinding\.\w*Address|Address|PhoneNumber|phoneNumber|Target|MediaProperties|Routing|Channel)"\]`)

// anyBody finds a request whose body is the caller's own, and bodyDestination
// what a declaration says that such a body may hold.
var (
	anyBody         = regexp.MustCompile(`data = params;`)
	bodyDestination = regexp.MustCompile(`(?m)^\s+"?(to|address|addresses|recipients|phone_?[nN]umbers?)"?\??:`)
)

// notDestinations are the files of the library in which such a name stands for
// something else, and what.
var notDestinations = map[string]string{
	"accounts/v1/complianceSignalsCheck":                                      "whether a person may be written to now",
	"accounts/v1/safelist":                                                    "a change of Twilio's own protection",
	"api/v2010/account/incomingPhoneNumber":                                   "a number to buy",
	"api/v2010/account/incomingPhoneNumber/local":                             "a number to buy",
	"api/v2010/account/incomingPhoneNumber/mobile":                            "a number to buy",
	"api/v2010/account/incomingPhoneNumber/tollFree":                          "a number to buy",
	"api/v2010/account/outgoingCallerId":                                      "a filter",
	"content/v1/content":                                                      "text of a template",
	"conversations/v1/addressConfiguration":                                   "a number of one's own",
	"conversations/v1/configuration/webhook":                                  "where webhooks go",
	"conversations/v1/conversation/webhook":                                   "where webhooks go",
	"conversations/v1/participantConversation":                                "a filter",
	"conversations/v1/service/conversation/webhook":                           "where webhooks go",
	"conversations/v1/service/participantConversation":                        "a filter",
	"conversations/v2/configuration":                                          "which messages to capture",
	"flexApi/v1/interaction/interactionChannel":                               "who is told that it closes",
	"insights/v1/callSummaries":                                               "a filter",
	"intelligence/v2/transcript":                                              "who spoke",
	"lookups/v2/lookupOverride":                                               "a number to look up",
	"lookups/v2/query":                                                        "a number to look up",
	"memory/v1/recall":                                                        "what to search for",
	"messaging/v2/channelsSender":                                             "a sender",
	"messaging/v3/typingIndicator":                                            "who is shown that an answer is written",
	"numbers/v1/portingPortIn":                                                "numbers to take over",
	"numbers/v1/smsVerificationCheck":                                         "the check of a code that was sent",
	"numbers/v2/authorizationDocument/dependentHostedNumberOrder":             "a filter",
	"preview/hosted_numbers/authorizationDocument/dependentHostedNumberOrder": "a filter",
	"proxy/v1/service/phoneNumber":                                            "a number of one's own",
	"verify/v2/safelist":                                                      "a change of Twilio's own protection",
	"verify/v2/verificationAttempt":                                           "a filter",
	"verify/v2/verificationAttemptsSummary":                                   "a filter",
	"voice/v1/connectionPolicy/connectionPolicyTarget":                        "a SIP server",
	"voice/v3/transcription":                                                  "who spoke",
}

// No send of the library is forgotten: each of its files that names a
// destination is in the program, or said to be something else.
func TestNoSendOfTwiliosLibraryIsForgotten(t *testing.T) {
	nodeProgram("testdata/sends")(t)
	program, err := os.ReadFile("node/testdata/sends.js")
	if err != nil {
		t.Fatal(err)
	}
	const library = "node/node_modules/twilio/lib/rest"
	var files []string
	err = filepath.WalkDir(library, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".js" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		declared, err := os.ReadFile(strings.TrimSuffix(path, ".js") + ".d.ts")
		if destination.Match(text) || anyBody.Match(text) && bodyDestination.Match(declared) {
			name, _ := filepath.Rel(library, strings.TrimSuffix(path, ".js"))
			files = append(files, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		_, excepted := notDestinations[file]
		if sent := strings.Contains(string(program), "['"+file+"'"); sent == excepted {
			t.Errorf("%s: in the program %v, said to be something else %v", file, sent, excepted)
		}
	}
	for file := range notDestinations {
		if !slices.Contains(files, file) {
			t.Errorf("%s names no destination anyway", file)
		}
	}
}
