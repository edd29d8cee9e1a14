package refusal

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/apierrors"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
	"github.com/caddy-tollgate/tollgate/internal/harness"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

const (
	account     = "AC11111111111111111111111111111111"
	toUZ        = "+998912345678"
	messagePath = "/2010-04-01/Accounts/" + account + "/Messages"
	callPath    = "/2010-04-01/Accounts/" + account + "/Calls"
	verifyPath  = "/v2/Services/VA11111111111111111111111111111111/Verifications"
)

// A shape is a kind of request, each of which is refused in a way of its own.
type shape struct {
	name, host, path string
	channel          policy.Channel
	header           http.Header
}

var shapes = []shape{
	{"messages_json", "api", messagePath + ".json", policy.Messaging, nil},
	{"messages_xml", "api", messagePath, policy.Messaging, nil},
	{"calls_json", "api", callPath + ".json", policy.Voice, nil},
	{"calls_xml", "api", callPath + ".xml", policy.Voice, nil},
	{"verify", "verify", verifyPath, policy.Messaging, nil},
	{"standard", "conversations", "/v2/Conversations", policy.Messaging, http.Header{"X-Twilio-Apiversion": {"v1.0"}}},
}

// refuse is what a request of the shape is answered for the reason.
func (s shape) refuse(reason policy.Reason, to string) carrier.Refusal {
	r := &carrier.Request{Method: http.MethodPost, Host: s.host + ".twilio.com", Path: s.path, Header: s.header}
	uz, _ := numbering.ParseTerritory("UZ")
	op := operations.Route(r, "api")
	return New(r, op, carrier.Denial{Reason: reason, Channel: s.channel, Territory: uz, To: to,
		URL: carrier.URL{Parameter: "Url", Address: "https://other.example/x?y"}})
}

// Reasons that are put in the same words, by the name of their golden files.
var reasonsByWords = map[string][]policy.Reason{
	"not_enabled": {policy.TerritoryNotEnabled, policy.ClassNotEnabled, policy.SenderNotEnabled, policy.PrefixBlocked,
		policy.PanicClosed, policy.ByRequest, policy.Unsupported, policy.AccountUnknown, policy.ServiceUnscoped, policy.StoredDenied, policy.PriceLimited},
	"invalid":          {policy.DestinationUnreadable, policy.UnassignedCode, policy.ImpossibleNumber, policy.UnallocatedRange},
	"trial":            {policy.TrialRestricted},
	"suspended":        {policy.AccountSuspended, policy.CredentialUnknown, policy.CredentialForeign, carrier.CredentialDenied, carrier.CredentialMissing, carrier.KeyInvalid},
	"not_found":        {carrier.AccountMismatch, carrier.OperationUnknown, carrier.PathNotCanonical, carrier.TargetAmbiguous, carrier.HostUnknown, carrier.UpgradeForbidden},
	"invalid_request":  {"a_reason_of_later"},
	"repeated_header":  {carrier.HeaderRepeated},
	"named_header":     {carrier.ConnectionHeader},
	"trailing_header":  {carrier.TrailerForbidden},
	"overriding_param": {carrier.MethodOverride},
	"invalid_body":     {carrier.BodyUndecodable, carrier.ContentTypeDenied, carrier.PermissionUnchanged},
	"encoded_body":     {carrier.BodyEncoded},
	"broken_body":      {carrier.BodyUnreadable},
	"too_large":        {carrier.BodyTooLarge},
	"too_late":         {carrier.BodyLate},
	"full":             {carrier.MemoryFull, carrier.PolicyUnavailable, carrier.CredentialUnchecked, carrier.CountersUnavailable},
	"head_too_large":   {carrier.HeadTooLarge},
	"too_early":        {carrier.EarlyData},
	"not_incremental":  {carrier.Incremental},
	"unreachable":      {carrier.UpstreamUnreachable},
	"unavailable":      {carrier.Unlogged},
	"forbidden":        {policy.ControlDenied},
	"url":              {policy.URLHost},
	"too_many":         {policy.LimitExceeded},
	"not_permitted":    {carrier.KeyRestricted},
	"not_validated":    {carrier.ClientValidation},
	"failed":           {carrier.UpstreamFailed},
	"timed_out":        {carrier.UpstreamTimeout},
}

// outages are answered as outages, not as refusals.
var outages = []policy.Reason{carrier.Unlogged, carrier.UpstreamUnreachable, carrier.UpstreamFailed, carrier.UpstreamTimeout}

// wordsByChannel are not the same for a call and a message.
var wordsByChannel = []string{"not_enabled", "invalid", "trial", "not_found", "url"}

var requestIDs = regexp.MustCompile(`RQ[0-9a-f]{32}`)

// wire is an answer as it goes out.
func wire(r carrier.Refusal) string {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\n", r.Status, http.StatusText(r.Status))
	for _, field := range slices.Concat(r.Header, r.Fixed) {
		fmt.Fprintf(&b, "%s: %s\n", field.Name, field.Value)
	}
	return requestIDs.ReplaceAllString(b.String(), "RQ(32 hexadecimal digits)") + "\n" + string(r.Body)
}

// headerOf is the one field of that name.
func headerOf(t *testing.T, r carrier.Refusal, name string) (value string) {
	t.Helper()
	count := 0
	for _, field := range slices.Concat(r.Header, r.Fixed) {
		if field.Name == name {
			value = field.Value
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d headers %s", count, name)
	}
	return value
}

func TestRefusalsAreTwilios(t *testing.T) {
	golden := func(name string) string { return filepath.Join("testdata", "refusals", name+".golden") }
	for words, reasons := range reasonsByWords {
		for _, s := range shapes {
			name := words + "_" + s.name
			if !slices.Contains(wordsByChannel, words) {
				name = strings.Replace(name, "calls", "messages", 1) // the same bytes
			}
			file := golden(name)
			for _, reason := range reasons {
				t.Run(string(reason)+" "+s.name, func(t *testing.T) {
					harness.Golden(t, file, wire(s.refuse(reason, toUZ)))
				})
			}
		}
	}
}

// What is held is answered as Twilio answers what it blocks itself.
func TestWhatIsHeldIsRefusedAsWhatTwilioBlocks(t *testing.T) {
	for _, s := range shapes {
		r := &carrier.Request{Method: http.MethodPost, Host: s.host + ".twilio.com", Path: s.path, Header: s.header}
		refusal := New(r, operations.Route(r, "api"), carrier.Denial{Reason: policy.LimitExceeded, Channel: s.channel, To: toUZ, Held: true})
		harness.Golden(t, filepath.Join("testdata", "refusals", "held_"+s.name+".golden"), wire(refusal))
	}
}

func TestEveryReasonHasGoldenFiles(t *testing.T) {
	for reason := range refusals {
		if !slices.ContainsFunc(slices.Collect(maps.Values(reasonsByWords)), func(list []policy.Reason) bool { return slices.Contains(list, reason) }) {
			t.Errorf("no golden file for %s", reason)
		}
	}
}

// The bodies that others have recorded and published, byte for byte.
func TestBodiesAsRecorded(t *testing.T) {
	byName := map[string]shape{}
	for _, s := range shapes {
		byName[s.name] = s
	}
	guernsey, _ := numbering.ParseTerritory("GG")
	for _, test := range []struct {
		shape  string
		reason policy.Reason
		to     string
		want   string
	}{
		// The form of raw answers of August 2026, with another number.
		{"messages_json", policy.TerritoryNotEnabled, "+998912345678",
			`{"code": 21408, "message": "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +99891234XXXX", "more_info": "https://www.twilio.com/docs/errors/21408", "status": 400}`},
		// cabotapp/cabot issue 395.
		{"calls_json", policy.TerritoryNotEnabled, "+92XXXXXXXXXX",
			`{"code": 21215, "message": "Account not authorized to call +92XXXXXXXXXX. Perhaps you need to enable some international permissions: https://www.twilio.com/console/voice/calls/geo-permissions/low-risk", "more_info": "https://www.twilio.com/docs/errors/21215", "status": 400}`},
		// Twilio's documentation of Verify's geo permissions.
		{"verify", policy.TerritoryNotEnabled, "+447911123456",
			`{"code": 60605, "message": "The destination phone number has been blocked by Verify Geo-Permissions. GG is blocked for sms channel for all services", "more_info": "https://www.twilio.com/docs/errors/60605", "status": 403}`},
		// The form of whole answers of 2025 and 2026, with other numbers.
		{"messages_json", policy.DestinationUnreadable, "+11445550123",
			`{"code": 21211, "message": "Invalid 'To' Phone Number: +1144555XXXX", "more_info": "https://www.twilio.com/docs/errors/21211", "status": 400}`},
		{"messages_json", policy.DestinationUnreadable, "whatsapp:+44 7700900123",
			`{"code": 21211, "message": "The 'To' number whatsapp:+44 7700900123 is not a valid phone number.", "more_info": "https://www.twilio.com/docs/errors/21211", "status": 400}`},
		{"calls_json", policy.DestinationUnreadable, "+18667786",
			`{"code": 21217, "message": "The phone number you are attempting to call, +18667786, is not valid.", "more_info": "https://www.twilio.com/docs/errors/21217", "status": 400}`},
		{"verify", policy.DestinationUnreadable, "+447700900123",
			"{\"code\": 60200, \"message\": \"Invalid parameter `To`: +447700900123\", \"more_info\": \"https://www.twilio.com/docs/errors/60200\", \"status\": 400}"},
		{"calls_json", policy.TrialRestricted, "+94716531267",
			`{"code": 21219, "message": "The number +94716531267 is unverified. Trial accounts may only make calls to verified numbers.", "more_info": "https://www.twilio.com/docs/errors/21219", "status": 400}`},
		// aloha/laravel-twilio issue 169; nash-md/twilio-contact-center issue 17 with
		// VoiceUrl.
		{"calls_json", policy.URLHost, "",
			`{"code": 21205, "message": "Url is not a valid URL: 529732 is your verification code.", "more_info": "https://www.twilio.com/docs/errors/21205", "status": 400}`},
		{"messages_json", policy.URLHost, "",
			`{"code": 21402, "message": "Url is not a valid URL: 529732 is your verification code.", "more_info": "https://www.twilio.com/docs/errors/21402", "status": 400}`},
		{"messages_json", policy.AccountSuspended, "",
			`{"code": 20003, "message": "Authenticate", "more_info": "https://www.twilio.com/docs/errors/20003", "status": 401}`},
		{"verify", carrier.OperationUnknown, "",
			`{"code": 20404, "message": "The requested resource /Services/VA11111111111111111111111111111111/Verifications was not found", "more_info": "https://www.twilio.com/docs/errors/20404", "status": 404}`},
		{"messages_xml", policy.DestinationUnreadable, "whatsapp:+6598219019",
			"<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><RestException><Code>21211</Code><Message>The 'To' number whatsapp:+6598219019 is not a valid phone number.</Message><MoreInfo>https://www.twilio.com/docs/errors/21211</MoreInfo><Status>400</Status></RestException></TwilioResponse>"},
	} {
		s := byName[test.shape]
		r := &carrier.Request{Method: http.MethodPost, Host: s.host + ".twilio.com", Path: s.path}
		got := New(r, operations.Route(r, "api"),
			carrier.Denial{Reason: test.reason, Channel: s.channel, Territory: guernsey, To: test.to,
				URL: carrier.URL{Parameter: "Url", Address: "529732 is your verification code."}})
		if string(got.Body) != test.want {
			t.Errorf("%s %s:\n%s\nwant\n%s", test.shape, test.reason, got.Body, test.want)
		}
	}
	// keploy's recording of a trial account's refusal says so for +917000XXXX.
	trial := byName["messages_json"].refuse(policy.TrialRestricted, "+9170001234")
	if got := len(trial.Body); got != 335 {
		t.Errorf("refusal of a trial account has %d bytes: %s", got, trial.Body)
	}
}

// The wording of each product, by the destination.
func TestOnlyMessagesMasksTheDestination(t *testing.T) {
	const (
		masked  = "Invalid 'To' Phone Number: "
		whole   = "The 'To' number "
		enabled = "indicated by the 'To' number: "
		trial   = "verify "
	)
	for _, test := range []struct {
		name, host, path, to string
		reason               policy.Reason
		want                 string
	}{
		{"the last four characters of a number", "api", messagePath + ".json", "+11445550123", policy.UnassignedCode, masked + "+1144555XXXX\""},
		{"those of a text", "api", messagePath + ".json", "False", policy.DestinationUnreadable, masked + "FXXXX\""},
		{"those of a number with a blank", "api", messagePath + ".json", "+1 2015550123", policy.DestinationUnreadable, masked + "+1 201555XXXX\""},
		{"those of a list", "api", messagePath + ".json", "+12015550123,+12015550124,+12015550125", policy.DestinationUnreadable,
			masked + "+12015550123,+12015550124,+1201555XXXX\""},
		{"characters, not bytes", "api", messagePath + ".json", "a日本é👍", policy.DestinationUnreadable, masked + "aXXXX\""},
		{"each byte that is not a character", "api", messagePath + ".json", "ab\xff\xfe\xc3\xa9\xe6", policy.DestinationUnreadable, masked + "abXXXX\""},
		{"all of four", "api", messagePath + ".json", "1234", policy.DestinationUnreadable, masked + "XXXX\""},
		{"all of fewer", "api", messagePath + ".json", "123", policy.DestinationUnreadable, masked + "XXX\""},
		{"nothing of nothing", "api", messagePath + ".json", "", policy.AccountUnknown, enabled + "\""},
		{"the end of what is repeated", "api", messagePath + ".json", strings.Repeat("9", longestEcho+2), policy.DestinationUnreadable,
			masked + strings.Repeat("9", longestEcho-4) + "XXXX\""},
		{"both places of a trial's", "api", messagePath + ".json", toUZ, policy.TrialRestricted, trial + "+99891234XXXX at"},
		{"WhatsApp's, where it is not enabled", "api", messagePath + ".json", "whatsapp:" + toUZ, policy.TerritoryNotEnabled, enabled + "whatsapp:+99891234XXXX\""},
		{"WhatsApp's invalid number is whole", "api", messagePath + ".json", "WhatsApp:+1", policy.DestinationUnreadable, whole + "WhatsApp:+1 is not a valid phone number.\""},
		{"another product's is whole", "comms", "/v1/Messages", toUZ, policy.TerritoryNotEnabled, enabled + toUZ + ".\""},
		{"another product's invalid one is whole", "notify", "/v1/Services/IS11111111111111111111111111111111/Notifications", "+1", policy.DestinationUnreadable, whole + "+1 is not a valid phone number.\""},
		{"a trial's verification is whole", "verify", verifyPath, toUZ, policy.TrialRestricted, trial + toUZ + " at"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &carrier.Request{Method: http.MethodPost, Host: test.host + ".twilio.com", Path: test.path, Header: http.Header{}}
			got := New(r, operations.Route(r, "api"), carrier.Denial{Reason: test.reason, To: test.to})
			if !strings.Contains(string(got.Body), test.want) {
				t.Errorf("%s\nhas no %s", got.Body, test.want)
			}
		})
	}
}

func TestVerifyNamesItsChannel(t *testing.T) {
	s := shapes[slices.IndexFunc(shapes, func(s shape) bool { return s.name == "verify" })]
	s.channel = policy.Voice
	if got := s.refuse(policy.TerritoryNotEnabled, toUZ); !strings.Contains(string(got.Body), "UZ is blocked for call channel") {
		t.Errorf("%s", got.Body)
	}
}

// Whatever a caller writes stands in the answer as it was written, except for the mask,
// and the answer is what it claims to be.
func TestHostileDestinationsAreQuoted(t *testing.T) {
	var controls strings.Builder
	for c := range rune(0x20) {
		controls.WriteRune(c)
	}
	hostile := []string{
		`"`, `\`, `\"`, "'", "<", ">", "&", "&lt;", "]]>", "<!--", "</Message>", "<![CDATA[", `", "status": 200, "x": "`,
		controls.String(), "\x7f", "\u0080\u009f", "é", "日本", "👍", "\u2028\u2029", "\ufeff", "\ufffe\uffff", "\U0010ffff",
		"\xff\xfe", "a\xc3", "{To}", "{Territory}{", "%s%d%!", "$1", "\r\n\r\n", strings.Repeat("<é👍&\"", 1000),
		strings.Repeat("9", 10<<10), "",
	}
	for _, to := range hostile {
		for _, s := range shapes {
			for _, reason := range []policy.Reason{policy.TerritoryNotEnabled, policy.DestinationUnreadable, policy.TrialRestricted} {
				got := s.refuse(reason, to)
				to := to[:min(len(to), longestEcho)]
				if strings.HasPrefix(s.name, "messages") {
					to = apierrors.Masked(to)
				}
				for _, field := range slices.Concat(got.Header, got.Fixed) {
					if strings.ContainsAny(field.Value, "\r\n") {
						t.Errorf("%s: line break in %s", s.name, field.Name)
					}
				}
				if strings.HasSuffix(s.name, "xml") {
					checkXMLRefusal(t, got, to)
				} else {
					checkJSONRefusal(t, got, to, reason, s.name == "standard")
				}
			}
		}
	}
}

func checkJSONRefusal(t *testing.T, got carrier.Refusal, to string, reason policy.Reason, standard bool) {
	t.Helper()
	var body struct {
		Code           *int
		Status         int
		HTTPStatusCode int `json:"httpStatusCode"`
		Message        string
		MoreInfo       string `json:"more_info"`
		UserError      bool   `json:"userError"`
	}
	if err := json.Unmarshal(got.Body, &body); err != nil {
		t.Fatalf("%v in %q", err, got.Body)
	}
	for _, c := range got.Body {
		if c < ' ' || c >= 0x80 {
			t.Fatalf("%q in %q", c, got.Body)
		}
	}
	if standard && (body.HTTPStatusCode != got.Status || !body.UserError) || !standard && (body.Status != got.Status || body.MoreInfo == "") {
		t.Errorf("status %d: %s", got.Status, got.Body)
	}
	if body.Code == nil || *body.Code != got.Code {
		t.Errorf("code %d: %s", got.Code, got.Body)
	}
	if got.Code == 60605 {
		return // names the territory and not the number
	}
	if want := strings.ToValidUTF8(to, "\ufffd"); utf8.ValidString(to) && !strings.Contains(body.Message, want) {
		t.Errorf("%s: %q is not in %q", reason, to, body.Message)
	}
}

func checkXMLRefusal(t *testing.T, got carrier.Refusal, to string) {
	t.Helper()
	var body struct {
		XMLName       xml.Name `xml:"TwilioResponse"`
		RestException struct {
			Code, Status      int
			Message, MoreInfo string
		}
	}
	if err := xml.Unmarshal(got.Body, &body); err != nil {
		t.Fatalf("%v in %q", err, got.Body)
	}
	e := body.RestException
	if e.Code != got.Code || e.Status != got.Status || e.MoreInfo != moreInfo+strconv.Itoa(got.Code) {
		t.Errorf("%+v is not %d %d", e, got.Status, got.Code)
	}
	visible := strings.Map(func(c rune) rune {
		if c == '\r' { // XML has but one line break
			return '\n'
		}
		if !isXMLChar(c) {
			return '\ufffd'
		}
		return c
	}, to)
	if utf8.ValidString(to) && !strings.Contains(to, "\r\n") && !strings.Contains(e.Message, visible) {
		t.Errorf("%q is not in %q", to, e.Message)
	}
}

// Which form a path asks for.
func TestFormOfARefusal(t *testing.T) {
	for _, test := range []struct {
		host, path, apiVersion, want string
	}{
		{"api", messagePath, "", "xml"},
		{"api", messagePath + "/", "", "xml"},
		{"api", messagePath + ".xml", "", "xml"},
		{"api", messagePath + ".Xml", "", "xml"},
		{"api", messagePath + ".json", "", "json"},
		{"api", messagePath + ".JSON", "", "json"},
		{"api", messagePath + ".json/", "", "json"},
		{"api", messagePath + ".csv", "", "json"},
		{"api", "/", "", "json"},
		{"api", verifyPath, "", "json"}, // a base URL that is not its own
		{"verify", verifyPath, "", "json"},
		{"verify", verifyPath + ".xml", "", "json"},
		{"conversations", "/v2/Conversations", "", "standard"},
		{"conversations", "/v1/Conversations", "", "json"},
		{"numbers", "/v3/HostedNumbers", "v1.0", "standard"},
		{"numbers", "/v3/HostedNumbers", "V1.0", "standard"},
		{"numbers", "/v3/HostedNumbers", "v2.0", "json"},
	} {
		r := &carrier.Request{Method: http.MethodPost, Host: test.host + ".twilio.com", Path: test.path, Header: http.Header{}}
		if test.apiVersion != "" {
			r.Header.Set("X-Twilio-ApiVersion", test.apiVersion)
		}
		refusal := New(r, operations.Route(r, "api"), carrier.Denial{Reason: policy.TerritoryNotEnabled, To: toUZ})
		got := "json"
		switch {
		case strings.HasPrefix(string(refusal.Body), "<?xml"):
			got = "xml"
		case strings.Contains(string(refusal.Body), "userError"):
			got = "standard"
		}
		if got != test.want {
			t.Errorf("%s%s: %s, want %s", test.host, test.path, got, test.want)
		}
		if typed := headerOf(t, refusal, "Content-Type"); strings.HasSuffix(typed, "xml") != (got == "xml") {
			t.Errorf("%s%s: %s for %s", test.host, test.path, typed, got)
		}
	}
}

// No refusal makes a client send again or hides its words: no 5xx but the one
// that says so, no 429 and no redirect. What there was no memory or no policy to judge may
// be sent again, and what is over a limit once there is room.
func TestNoRefusalIsRetried(t *testing.T) {
	for reason, ways := range refusals {
		if slices.Contains(outages, reason) {
			continue
		}
		mayBeRetried := slices.Contains([]policy.Reason{carrier.Incremental, carrier.MemoryFull, carrier.PolicyUnavailable, carrier.CredentialUnchecked, carrier.CountersUnavailable}, reason)
		for _, f := range ways {
			if f.Status == 429 && reason != policy.LimitExceeded || f.Status >= 300 && f.Status < 400 || f.Status >= 500 && !mayBeRetried {
				t.Errorf("%s is refused with %d", reason, f.Status)
			}
		}
	}
}

// A request that places a call may store a webhook as well, and it is the webhook that
// is refused.
func TestAWebhookIsRefusedInTheWordsOfWhatIsStored(t *testing.T) {
	r := &carrier.Request{Method: http.MethodPost, Host: "numbers.twilio.com", Path: "/v3/HostedNumbers/HostedNumberOrders"}
	op := operations.Route(r, "numbers")
	for parameter, want := range map[string]int{"SmsUrl": 21402, "VoiceFallbackUrl": 21402, "Url": 21205} {
		got := New(r, op, carrier.Denial{Reason: policy.URLHost, Channel: policy.Voice, URL: carrier.URL{Parameter: parameter}})
		if got.Code != want {
			t.Errorf("%s: code %d, want %d", parameter, got.Code, want)
		}
	}
}

func TestEveryReasonToDenyHasAnAnswer(t *testing.T) {
	rows := map[policy.Reason]bool{}
	for _, row := range slices.Concat(policy.Reasons, carrier.Reasons) {
		_, answered := refusals[row.Reason]
		if rows[row.Reason] = true; answered != (row.Outcome == policy.Deny) {
			t.Errorf("%s, to %s: an answer is there: %v", row.Reason, row.Outcome, answered)
		}
	}
	for reason := range refusals {
		if !rows[reason] {
			t.Errorf("%s is answered, and has no row", reason)
		}
	}
}

// Each cause of a request that cannot be read has words of its own.
func TestARefusalSaysWhatCannotBeRead(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	for _, test := range []struct {
		name, host, path, contentType, body string
		code                                int
		want                                string
	}{
		{"JSON to Messages, as Twilio", "api", messagePath + ".json", "application/json", `{"To": "+12015550123"}`, 21604, "A 'To' phone number is required."},
		{"text to Messages, in XML", "api", messagePath, "text/plain", "To=+12015550123", 21604, "<Message>A 'To' phone number is required.</Message>"},
		{"JSON to Calls, as Twilio", "api", callPath + ".json", "application/json", "{", 21201, "No 'To' number is specified"},
		{"JSON to the change of a call", "api", callPath + "/CA11111111111111111111111111111111.json", "application/json", "{}", 20001,
			`the content type \"application/json\" is not supported here; send application/x-www-form-urlencoded`},
		{"XML to Verify", "verify", verifyPath, "application/xml", "<To/>", 20001,
			`the content type \"application/xml\" is not supported here; send application/x-www-form-urlencoded`},
		{"a form to a product of JSON", "comms", "/v1/Messages", form, "to=1", 20001, `\"application/x-www-form-urlencoded\" is not supported here; send application/json`},
		{"no type to a product of JSON", "comms", "/v1/Messages", "", "to=1", 20001, "the header Content-Type is missing; send application/json"},
		{"a charset", "api", messagePath + ".json", form + "; charset=utf-16", "To=1", 20001, `the charset \"utf-16\" is not supported; send UTF-8`},
		{"a type that is none", "api", messagePath + ".json", "a b c", "To=1", 20001, "the header Content-Type cannot be read ("},
		{"a form in UTF-16", "api", messagePath + ".json", form, "T\x00o\x00=1", 20001, "control characters, as a form in UTF-16 has; send UTF-8"},
		{"a form with a percent sign", "api", messagePath + ".json", form, "To=100%&Body=1", 20001,
			`the parameter To: invalid URL escape \"%\": write \"%\" as \"%25\"`},
		{"parts without a boundary", "api", messagePath + ".json", "multipart/form-data", "--x", 20001, "names no boundary"},
		{"a part with two names", "api", messagePath + ".json", "multipart/form-data; boundary=x",
			"--x\r\nContent-Disposition: form-data; name=To\r\nContent-Type: text/plain\r\nContent-Type: text/plain\r\n\r\n1\r\n--x--\r\n", 20001,
			"a part has the header Content-Type 2 times; send it once"},
		{"JSON that does not parse", "comms", "/v1/Messages", "application/json", "{\n  \"to\": é}", 20001, `line 2, column 9: the JSON is malformed: unexpected '\u00e9'`},
		{"JSON that is too deep", "comms", "/v1/Messages", "application/json", strings.Repeat("[", 65), 20001,
			"line 1, column 66: the JSON is malformed: it is nested too deep"},
		{"JSON that ends early", "comms", "/v1/Messages", "application/json", "{", 20001, "line 1, column 2: the JSON is malformed: it ends too early"},
		{"a document of JSON in a parameter", "notify", "/v1/Services/IS11111111111111111111111111111111/Notifications", form, "ToBinding=%7B", 20001,
			"the parameter ToBinding: line 1, column 2: the JSON is malformed: it ends too early"},
		{"a bare ampersand in TwiML", "api", callPath + ".json", form, "To=%2B12015550123&Twiml=" + url.QueryEscape("<Response>\n<Redirect>https://é.example/?a=1&b=2</Redirect></Response>"), 12100,
			`Document parse failure: the parameter Twiml: line 2, column 33: invalid character entity &b (no semicolon); write \"&\" as \"&amp;\"`},
		{"TwiML that is not closed", "api", callPath + ".json", form, "Twiml=" + url.QueryEscape("<Response><Say>"), 12100,
			"the parameter Twiml: line 1, column 16: unexpected EOF"},
		{"TwiML in a URL", "api", callPath + ".json", form, "Url=" + url.QueryEscape("https://twimlets.com/echo?Twiml=<Response>"), 12100,
			"the parameter Url: line 1, column 11: unexpected EOF"},
		{"TwiML for a call that is changed", "api", callPath + "/CA11111111111111111111111111111111.xml", form, "Twiml=a%26", 12100, "the parameter Twiml: line 1, column 3: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &carrier.Request{Method: http.MethodPost, Host: test.host + ".twilio.com", Path: test.path, HasBody: true,
				Header: http.Header{"Content-Type": {test.contentType}}}
			op := operations.Route(r, "api")
			_, _, err := operations.Read(r, op, []byte(test.body))
			reason := carrier.BodyUndecodable
			if errors.Is(err, params.ErrContentType) {
				reason = carrier.ContentTypeDenied
			}
			got := New(r, op, carrier.Denial{Reason: reason, Cause: err})
			if got.Code != test.code || got.Status != 400 || !strings.Contains(string(got.Body), test.want) {
				t.Errorf("%d %d %s\nwant %d %s", got.Status, got.Code, got.Body, test.code, test.want)
			}
		})
	}
}

// Twilio writes the number of 21408 in the form of E.164, and repeats that of 21211.
func TestADestinationThatIsNotEnabledIsInE164(t *testing.T) {
	s := shapes[0]
	r := &carrier.Request{Method: http.MethodPost, Host: s.host + ".twilio.com", Path: s.path}
	for reason, want := range map[policy.Reason]string{
		policy.TerritoryNotEnabled:   "'To' number: +82107270XXXX",
		policy.DestinationUnreadable: "Number: +820107270XXXX",
	} {
		got := New(r, operations.Route(r, "api"), carrier.Denial{Reason: reason, To: "+8201072704586", E164: "+821072704586"})
		if !strings.Contains(string(got.Body), want) {
			t.Errorf("%s lacks %s", got.Body, want)
		}
	}
}

// What an operator adds is text in each form, whatever it holds, and changes neither code
// nor status.
func TestAnOperatorsWordsAreText(t *testing.T) {
	const hint, page = `Ask "#sms" <ops@example.com> & é`, "https://wiki.example.com/?a=1&b=\"2\""
	for _, replaces := range []bool{false, true} {
		for _, s := range shapes {
			r := &carrier.Request{Method: http.MethodPost, Host: s.host + ".twilio.com", Path: s.path, Header: s.header}
			op := operations.Route(r, "api")
			denial := carrier.Denial{Reason: policy.TerritoryNotEnabled, Channel: s.channel, To: toUZ}
			plain := New(r, op, denial)
			denial.Wording = carrier.Wording{Message: hint, Replaces: replaces, MoreInfo: page}
			got := New(r, op, denial)
			want, shown := " ("+hint+")", page
			message, more := "", ""
			if strings.HasSuffix(s.name, "xml") {
				var body struct {
					Message  string `xml:"RestException>Message"`
					MoreInfo string `xml:"RestException>MoreInfo"`
				}
				if err := xml.Unmarshal(got.Body, &body); err != nil {
					t.Fatalf("%v in %s", err, got.Body)
				}
				message, more = body.Message, body.MoreInfo
			} else {
				var body struct {
					Message  string
					MoreInfo string `json:"more_info"`
				}
				if err := json.Unmarshal(got.Body, &body); err != nil {
					t.Fatalf("%v in %s", err, got.Body)
				}
				message, more = body.Message, body.MoreInfo
			}
			if s.name == "standard" {
				shown = "" // has no such member
			}
			isRight := strings.HasSuffix(message, want) && len(message) > len(want)
			if replaces {
				isRight = message == hint
			}
			if !isRight || more != shown || got.Code != plain.Code || got.Status != plain.Status {
				t.Errorf("%s: %s", s.name, got.Body)
			}
		}
	}
}

// A client that waits as long as it is told finds room: seconds are rounded up.
func TestRetryAfterIsInWholeSecondsAndLeftOutWhereItIsNotKnown(t *testing.T) {
	r := &carrier.Request{Method: http.MethodPost, Host: "api.twilio.com", Path: "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages.json"}
	for after, want := range map[time.Duration]string{
		time.Nanosecond: "1", time.Second: "1", time.Second + 1: "2", time.Hour: "3600", 0: "", -1: "",
	} {
		refusal := New(r, operations.Route(r, "api"), carrier.Denial{Reason: policy.LimitExceeded, To: toUZ, RetryAfter: after})
		got := ""
		for _, field := range refusal.Header {
			if field.Name == "Retry-After" {
				got = field.Value
			}
		}
		if got != want || refusal.Status != 429 {
			t.Errorf("after %s it is %d with %q, want %q", after, refusal.Status, got, want)
		}
	}
}
