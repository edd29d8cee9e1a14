package operations

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
)

// urlName is what parameters are called in which a URL may stand, or a document
// with one.
var urlName = regexp.MustCompile(`(?i)(ur[li]s?|callback|webhook|endpoint|sink_?configuration|definition)$`)

const hook = "https://hooks.example/x"

// urlsOf are the URLs that a request is found to lead to.
func urlsOf(r *carrier.Request, body string) ([]carrier.URL, error) {
	r.SeesURLs = true
	op := Route(r, "api")
	if op.MaxBody == 0 {
		return nil, nil // the gate does not look into it
	}
	intent, err := Carrier.Read(r, op, []byte(body))
	return intent.URLs, err
}

// withURL is a request for a write with a URL in one parameter.
func (w *libraryWrite) withURL(parameter string) (*carrier.Request, string) {
	r, body := w.withParameter(parameter)
	if strings.HasPrefix(parameter, "/") {
		return r, strings.ReplaceAll(body, toUZ, hook)
	}
	if parameter == "Definition" {
		return r, form(parameter, `{"states":[{"properties":{"url":"`+hook+`"}}]}`)
	}
	return r, form(parameter, hook)
}

// reporting are parameters with a URL that receives reports, is shown to people or is
// read, and whose answer makes Twilio reach no one.
var reporting = []exception{
	{"*", "*", "*StatusCallback", "told what became of something"},
	{"*", "*", "*StatusCallbackUrl", "told what became of something"},
	{"*", "*", "/*status_callback", "told what became of something"},
	{"*", "*", "/*status_callback_url", "told what became of something"},
	{"*", "*", "/*statusCallbacks/url", "told what became of something"},
	{"*", "*", "/*StatusCallback/url", "told what became of something"},
	{"*", "*", "*statusCallbackUrl", "told what became of something"},
	{"*", "*", "*rivacyPolicyUrl", "for people to read"},
	{"*", "*", "*ermsAndConditionsUrl", "for people to read"},
	{"*", "*", "OptInImageUrls", "for people to see"},

	{"api", "*/Calls.json", "ClientNotificationUrl", "told of a call"},
	{"api", "*/Participants.json", "ClientNotificationUrl", "told of a call"},
	{"api", "*/Streams.json", "Url", "where audio is streamed to"},
	{"api", "*/UserDefinedMessageSubscriptions.json", "Callback", "told what a client sends"},
	{"api", "*/Usage/Triggers*", "CallbackUrl", "told of use"},
	{"api", "*/ConnectApps/*", "*Url", "for people to visit, and told of the end"},
	{"api", "*/Messages.json", "MediaUrl", "what is sent"},
	{"api", "*/Messages.json", "ShortenUrls", "yes or no"},
	{"bulkexports", "*", "WebhookUrl", "told that an export is there"},
	{"chat", "*/Services/{Sid}", "*Url", "may reject or change what is said in a channel, not whom it reaches"},
	{"ip-messaging", "*/Services/{Sid}", "*Url", "may reject or change what is said in a channel, not whom it reaches"},
	{"conversations", "*/Configuration/Webhooks", "*WebhookUrl", "may reject or change what is said in a conversation, not whom it reaches"},
	{"content", "/v1/Content*", "/types/*", "what a template says"},
	{"conversations", "/v2/*", "/payload/content/mediaUrls", "what is sent"},
	{"events", "/v1/Sinks", "SinkConfiguration", "told of events"},
	{"flex-api", "/v1/PluginService/*", "PluginUrl", "code for the browsers of agents"},
	{"iam", "/v1/token", "redirect_uri", "where a browser goes"},
	{"oauth", "/*/token", "redirect_uri", "where a browser goes"},
	{"oauth", "/*/token", "RedirectUri", "where a browser goes"},
	{"preview-iam", "/v1/token", "redirect_uri", "where a browser goes"},
	{"intelligence", "/v2/Services*", "WebhookUrl", "told of transcripts"},
	{"intelligence", "/v3/*", "/rules/actions/url", "told of what is in a transcript"},
	{"knowledge", "/v2/*", "/source/*", "a page to be read"},
	{"messaging", "/v1/LinkShortening/*", "CallbackUrl", "told of clicks"},
	{"messaging", "/v1/LinkShortening/*", "FallbackUrl", "where a link leads"},
	{"messaging", "/v2/Channels/Senders*", "/profile/*", "what recipients are shown"},
	{"notify", "*", "DeliveryCallbackUrl", "told what became of something"},
	{"notify", "*/Bindings", "Endpoint", "the name of a device"},
	{"preview", "/wireless/*", "*CallbackUrl", "told of a command"},
	{"proxy", "*/MessageInteractions", "MediaUrl", "what is sent"},
	{"proxy", "/v1/Services*", "CallbackUrl", "told of an interaction"},
	{"proxy", "/v1/Services*", "InterceptCallbackUrl", "may only reject an interaction"},
	{"supersim", "*", "*CallbackUrl", "told of a command"},
	{"supersim", "*/Fleets*", "*CommandsUrl", "told what a device sends"},
	{"sync", "/v1/Services*", "WebhookUrl", "told of what is stored"},
	{"taskrouter", "/v1/Workspaces*", "EventCallbackUrl", "told of events"},
	{"trunking", "*/OriginationUrls*", "SipUrl", "a SIP address, which is judged as a destination"},
	{"trusthub", "*", "BusinessWebsiteUrl", "for people to read"},
	{"verify", "*/Webhooks*", "WebhookUrl", "told of verifications"},
	{"video", "*", "AwsS3Url", "where recordings are kept"},
	{"voice", "/v3/Transcriptions", "/mediaUrl", "what is transcribed"},
	{"webhooks", "*", "*/tokenUrl", "where Twilio gets the token that it shows to web servers"},
	{"wireless", "*", "*CallbackUrl", "told of a command"},
}

// Every URL that can be set is an instruction URL, or only receives reports.
func TestEveryURLOfTheLibrariesIsAnInstructionURLOrReports(t *testing.T) {
	used := map[*exception]bool{}
	for _, w := range writesOfTheLibrary(t) {
		for _, parameter := range w.parameters {
			if w.method == http.MethodDelete || !urlName.MatchString(parameter) || w.isObject(parameter) {
				continue
			}
			i := slices.IndexFunc(reporting, func(e exception) bool { return e.covers(&w, parameter) })
			excepted := i >= 0
			if excepted {
				used[&reporting[i]] = true
			}
			for _, anywhere := range []bool{false, true} {
				r, body := w.withURL(parameter)
				if r.AnyProduct = anywhere; anywhere {
					r.Host = "tollgate.example"
				}
				urls, err := urlsOf(r, body)
				found := slices.ContainsFunc(urls, func(u carrier.URL) bool { return u.Address == hook })
				// At a place of all products, a path may be one of another product.
				if found == excepted && !(anywhere && found) {
					t.Errorf("%s %s %s %s (any product: %t): found %t, excepted %t, %v", w.product, w.method, w.path, parameter, anywhere, found, excepted, err)
				}
			}
		}
	}
	for i := range reporting {
		if e := &reporting[i]; !used[e] {
			t.Errorf("nothing is excepted by %+v", *e)
		}
	}
}

// rowsWithURLs are the rows that set instruction URLs.
func rowsWithURLs() []row {
	return slices.DeleteFunc(slices.Concat(table, urlTable), func(r row) bool { return r.instructionURLs.names == "" })
}

// instructionURLsOf are the instruction URLs of the row that a path of the libraries has.
func instructionURLsOf(product, path string) []string {
	if o := api.instructionURLs[product].find("", split(withoutExtension(path))); o != nil {
		return o.urls
	}
	return nil
}

// Every row is of an operation that there is, with a parameter that there is.
func TestEveryInstructionURLIsAParameterOfTheLibraries(t *testing.T) {
	for _, row := range rowsWithURLs() {
		for _, name := range row.instructionURLs.list() {
			known := slices.ContainsFunc(writesOfTheLibrary(t), func(w libraryWrite) bool {
				has := slices.ContainsFunc(w.parameters, func(p string) bool {
					return p == name || strings.HasSuffix(p, "/"+name) || row.product == "studio" && p == "Definition" || strings.EqualFold(p, name)
				})
				return w.product == row.product && has && slices.Contains(instructionURLsOf(w.product, w.path), name) && isPathOf(row.path, w.path)
			})
			if !known {
				t.Errorf("no library knows %s of %s %s", name, row.product, row.path)
			}
		}
		if row.instructionURLs.source == "" {
			t.Errorf("%s %s has no source", row.product, row.path)
		}
	}
}

// isPathOf reports whether a path is one of a row's.
func isPathOf(row, path string) bool {
	segments, others := strings.Split(row, "/"), strings.Split(withoutExtension(path), "/")
	return slices.EqualFunc(segments, others, func(a, b string) bool { return a == b || strings.HasPrefix(a, "{") })
}

// What sets a URL is always read, since a number may stand in it; what sets none is
// not.
func TestOnlyWhatSetsURLsIsReadForThem(t *testing.T) {
	for _, test := range []struct {
		product, path string
		read          bool
	}{
		{"api", callPath + ".json", true},
		{"api", "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/PN1.json", true},
		{"api", "/2010-04-01/Accounts/AC1/SIP/Domains.json", true},
		{"messaging", "/v1/Services/MG1", true},
		{"taskrouter", "/v1/Workspaces/WS1/Workflows", true},
		{"taskrouter", "/v1/Workspaces/WS1/Activities", false},
		{"sync", "/v1/Services/IS1/Documents", false},
		{"video", "/v1/Rooms", false},
	} {
		if op := Route(request(test.product, test.path, formType), "api"); (op.MaxBody > 0) != test.read {
			t.Errorf("%s%s: reads %d bytes", test.product, test.path, op.MaxBody)
		}
	}
	r := request("api", "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json", formType)
	if intent, err := Carrier.Read(r, Route(r, "api"), []byte(form("VoiceUrl", hook))); err != nil || len(intent.URLs) > 0 {
		t.Errorf("where URLs make no difference, there is %v, %v", intent.URLs, err)
	}
}

func TestWhereURLsStand(t *testing.T) {
	inline := func(document string) string { return form("Twiml", document) }
	for _, test := range []struct {
		name, product, path, query, body, want string
	}{
		{"in the body", "api", callPath + ".json", "", form("Url", hook), "Url"},
		{"in the query", "api", callPath + ".json", form("FallbackUrl", hook), "", "FallbackUrl"},
		{"twice", "api", callPath + ".json", form("Url", hook), form("FallbackUrl", hook, "fallback_url", hook), "Url FallbackUrl FallbackUrl"},
		{"in another letter case", "api", callPath + ".json", "", form("uRL", hook), "Url"},
		{"as a list", "api", callPath + ".json", "", form("Url[0]", hook, "Url[]", hook), "Url Url"},
		{"where it only reports", "api", callPath + ".json", "", form("StatusCallback", hook, "RecordingStatusCallback", hook), ""},
		{"of a number", "api", "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/PN1.json", "", form("VoiceUrl", hook, "StatusCallback", hook), "VoiceUrl"},
		{"of a kind of number", "api", "/2010-04-01/accounts/AC1/incomingphonenumbers/local", "", form("SmsUrl", hook), "SmsUrl"},
		{"of a service", "messaging", "/v1/Services", "", form("InboundRequestUrl", hook, "FallbackUrl", hook), "InboundRequestUrl FallbackUrl"},
		{"in brackets", "flex-api", "/v1/FlexFlows", "", form("Integration[Url]", hook), "Integration.Url"},
		{"as JSON", "messaging", "/v2/Channels/Senders", "", `{"webhook":{"callback_url":"` + hook + `","status_callback_url":"` + hook + `"},"profile":{"logo_url":"` + hook + `"}}`, "callback_url"},
		{"as JSON where forms are usual", "api", "/2010-04-01/Accounts/AC1/Applications.json", "", `{"VoiceUrl":"` + hook + `"}`, "VoiceUrl"},
		{"in a flow", "studio", "/v2/Flows/FW1", "", form("Definition", `{"states":[{"type":"add-twiml-redirect","properties":{"url":"`+hook+`","timeout":"5"}}]}`), "url"},
		{"in inline TwiML", "api", callPath + ".json", "", inline(`<Response><Gather action="` + hook + `"/><Redirect>` + hook + `</Redirect><Play>` + hook + `</Play></Response>`), "Twiml Twiml"},
		{"in the TwiML of a URL", "api", callPath + ".json", "", form("Url", "https://twimlets.com/echo?Twiml=<Response><Redirect>"+hook+"</Redirect></Response>"), "Url Url"},
		{"in the query of a twimlet", "api", callPath + ".json", "", form("Url", "https://twimlets.com/forward?FailUrl="+hook), "Url Url"},
		{"in what no table has", "wireless", "/v1/Unheard", "", form("VoiceUrl", hook), "VoiceUrl"},
	} {
		t.Run(test.name, func(t *testing.T) {
			contentType := formType
			if strings.HasPrefix(test.body, "{") {
				contentType = jsonType
			}
			r := request(test.product, test.path, contentType)
			r.RawQuery = test.query
			urls, err := urlsOf(r, test.body)
			var got []string
			for _, u := range urls {
				got = append(got, u.Parameter)
			}
			slices.Sort(got)
			want := strings.Fields(test.want)
			slices.Sort(want)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("got %v, %v, want %v", urls, err, want)
			}
		})
	}
}
