package credentials

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
)

// answered is an operation of Twilio's API, and what in its answer may be good to
// authenticate with.
type answered struct{ product, method, path, members string }

func answersOfTheLibrary(t *testing.T) (answers []answered) {
	t.Helper()
	text, err := os.ReadFile("testdata/sdk/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			columns := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4)
			answers = append(answers, answered{columns[0], columns[1], columns[2], columns[3]})
		}
	}
	return answers
}

// harmless are answers that hold something like a credential that is none of the
// account's: what is made with it concerns the one person it was made for, or some
// other service, or it is a setting, not a credential.
var harmless = []struct{ product, path, why string }{
	{"numbers", "/v1/SenderIdRegistrations", "opens one form of an application for a sender"},
	{"trusthub", "/v1/A2P", "opens one form of an application for a campaign"},
	{"trusthub", "/v1/ComplianceInquiries/", "opens one form of an inquiry"},
	{"verify", "/v2/Services/{ServiceSid}/AccessTokens", "enrols one person's device for Verify"},

	// Of other services. The documentation says so.
	{"events", "/v1/Sinks", "says where events go, and how"},
	{"marketplace", "/v1/InstalledAddOns", "has what an add-on of another's is set up with"},
	{"api", "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/{ResourceSid}/AssignedAddOns", "has what an add-on of another's is set up with"},

	// Settings.
	{"marketplace", "/v1/Listing", "describes an add-on"},
	{"chat", "/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks", "has a URL and filters"},
	{"ip-messaging", "/v2/Services/{ServiceSid}/Channels/{ChannelSid}/Webhooks", "has a URL and filters"},
	{"conversations", "/v1/Conversations/{ConversationSid}/Webhooks", "has a URL and filters"},
	{"conversations", "/v1/Services/{ChatServiceSid}/Conversations/{ConversationSid}/Webhooks", "has a URL and filters"},
	{"conversations", "/v2/Conversations", "says how a conversation is kept"},
	{"flex-api", "/v1/Configuration", "says how queues are counted"},
	{"intelligence", "/v2/Transcripts", "names a transcript as its maker calls it"},
	{"intelligence", "/v3/OperatorResults", "says how a conversation was looked at"},
	{"messaging", "/v2/Channels/Senders", "has a sender's profile"},
	{"taskrouter", "/v1/Workspaces/{WorkspaceSid}/Workflows", "says whom tasks go to"},
	{"video", "/v1/Rooms/{RoomSid}/Transcriptions", "says how a room is transcribed"},
	{"voice", "/v2/AccountDefaultConfiguration", "says how calls are recorded"},
	{"voice", "/v2/Configurations/", "says how calls are recorded"},
	{"voice", "/v3/Transcriptions", "says how a call is transcribed"},
}

func denied(method, host, path string, anyProduct bool) bool {
	r := &carrier.Request{Method: method, Host: host, Path: path, Header: http.Header{}, AnyProduct: anyProduct}
	return BrokerDenied(r, operations.Route(r, "api"), "AC11111111111111111111111111111111") != ""
}

func TestNoAnswerThatHoldsACredentialIsOpen(t *testing.T) {
	used := make(map[int]bool)
	for _, a := range answersOfTheLibrary(t) {
		if a.members == "" {
			continue
		}
		path := strings.NewReplacer("{", "X", "}", "X").Replace(a.path)
		if i := slices.IndexFunc(harmless, func(h struct{ product, path, why string }) bool {
			return h.product == a.product && strings.HasPrefix(a.path, h.path)
		}); i >= 0 {
			used[i] = true
			continue
		}
		for _, anyProduct := range []bool{false, true} {
			if !denied(a.method, a.product+".twilio.com", path, anyProduct) {
				t.Errorf("%s %s %s is open and answers with %s (any product: %t)", a.product, a.method, a.path, a.members, anyProduct)
			}
		}
		// An unknown host, in front of all products at once.
		if !denied(a.method, "localhost", path, true) {
			t.Errorf("%s %s %s is open at a host of its own", a.product, a.method, a.path)
		}
	}
	if len(used) != len(harmless) {
		t.Errorf("of %d answers that are harmless, %d are there", len(harmless), len(used))
	}
}

// Of the products that hold the account's own credentials, each resource that is
// known is open or denied on purpose.
func TestOnlyWhatMustBeIsDenied(t *testing.T) {
	allowed := map[string][]string{
		"api":      {"Accounts", "Accounts/Keys", "Accounts/SigningKeys", "Accounts/Tokens", "Accounts/ConnectApps", "Accounts/AuthorizedConnectApps"},
		"accounts": {"AuthTokens", "Credentials"},
	}
	open := make(map[string]bool)
	rows := make(map[int]bool)
	for _, a := range answersOfTheLibrary(t) {
		segments := strings.Split(strings.TrimPrefix(a.path, "/"), "/")
		name, _, _ := strings.Cut(segments[min(1, len(segments)-1)], ".")
		if a.product == "api" && len(segments) > 3 {
			resource, _, _ := strings.Cut(segments[3], ".")
			name += "/" + resource
		}
		path := strings.NewReplacer("{", "X", "}", "X").Replace(a.path)
		for i, row := range deniedResources {
			parts, _ := operations.Split(path, nil)
			rows[i] = rows[i] || row.product == a.product && beginsWith(parts, row.path)
		}
		is := denied(a.method, a.product+".twilio.com", path, false)
		names, listed := allowed[a.product]
		if listed && is != slices.Contains(names, name) {
			t.Errorf("%s %s %s: denied %t", a.product, a.method, a.path, is)
		}
		if !is {
			open[a.product] = true
		}
	}
	for i, row := range deniedResources {
		if inNone := []string{"webhooks", "serverless-upload", "preview", "microvisor"}; !rows[i] && !slices.Contains(inNone, row.product) { // of the libraries
			t.Errorf("no operation is known at %s %q", row.product, row.path)
		}
	}
	for _, row := range openResources {
		for _, name := range row.open {
			if name == "ComplianceSignals" { // of the library for Node alone
				continue
			}
			if !slices.ContainsFunc(answersOfTheLibrary(t), func(a answered) bool {
				return a.product == row.product && strings.Contains(a.path, "/"+name)
			}) {
				t.Errorf("no operation is known at %s %s", row.product, name)
			}
		}
	}
	for _, product := range []string{"api", "accounts", "messaging", "verify", "studio", "conversations", "taskrouter", "chat", "notify", "flex-api"} {
		if !open[product] {
			t.Errorf("nothing is open of %s", product)
		}
	}
}

func TestNoSpellingOpensWhatIsDenied(t *testing.T) {
	const account = "AC11111111111111111111111111111111"
	for _, c := range []struct {
		method, host, path string
		denied             bool
	}{
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/Messages.json", false},
		{"GET", "api", "/2010-04-01/accounts/" + account + "/messages", false},
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/Messages/MM11111111111111111111111111111111/Media.json", false},
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/Usage/Records/Daily.csv", false},
		{"GET", "api", "/2010-04-01/Accounts/" + account + ".json", true},
		{"GET", "api", "/2010-04-01/Accounts/" + account, true},
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/", true},
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/.json", true},
		{"GET", "api", "/2010-04-01/Accounts/" + account + ".xml", true},
		{"GET", "api", "/2010-04-01/Accounts/" + account + ".csv", true},
		{"HEAD", "api", "/2010-04-01/Accounts/" + account + ".json", true},
		{"POST", "api", "/2010-04-01/Accounts/" + account + ".json", true},
		{"PATCH", "api", "/2010-04-01/Accounts/" + account + ".json", true},
		{"GET", "api", "/2008-08-01/Accounts/" + account, true},
		{"GET", "api", "/Accounts/" + account, true},
		{"GET", "api", "/v1/Accounts/" + account, true},
		{"GET", "api", "/2010-04-01/ACCOUNTS/" + strings.ToLower(account) + ".JSON", true},
		{"GET", "api", "/2010-04-01/Accounts.json", true},
		{"GET", "api", "/2010-04-01/Accounts", true},
		{"GET", "api", "/2010-04-01", true},
		{"GET", "api", "/", true},
		{"GET", "api", "", true},
		{"POST", "api", "/2010-04-01/Accounts.json", true},
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/%4Beys.json", true},
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/Keys%20.json", true},
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/%E2%84%AAeys.json", true},
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/Messages.json/Keys", true},
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/Messages%00/Keys", true},
		{"GET", "api", "/2010-04-01/Accounts/" + account + "/NewResource.json", true},
		{"POST", "api", "/2010-04-01/Accounts/" + account + "/SigningKeys", true},
		{"POST", "api", "/2010-04-01/Accounts/" + account + "/Tokens.json", true},
		{"DELETE", "api", "/2010-04-01/Accounts/" + account + "/Keys/SK11111111111111111111111111111111.json", true},
		{"GET", "api.dublin.ie1", "/2010-04-01/Accounts/" + account + ".json", true},
		{"POST", "accounts", "/v1/authtokens/secondary", true},
		{"POST", "accounts", "/v9/AuthTokens/Promote/", true},
		{"GET", "accounts", "/v1/Messaging/GeoPermissions", false},
		{"GET", "accounts", "/v1/NewResource", true},
		{"GET", "iam", "/anything", true},
		{"POST", "oauth", "/v2/token", true},
		{"GET", "preview-iam", "/Organizations/OR11111111111111111111111111111111/Accounts", true},
		{"GET", "serverless", "/v1/Services", true},
		{"POST", "serverless-upload", "/v1/Services/ZS1/Functions/ZH1/Versions", true},
		{"GET", "verify", "/2010-04-01/Accounts/" + account + "/Messages.json", true},
		{"GET", "preview", "/DeployedDevices/Fleets/FL1/Keys/KY1", true},
		{"GET", "preview", "/DeployedDevices/Fleets/FL1/Devices", false},
		{"GET", "microvisor", "/v1/Devices/UV1/Secrets", true},
		{"GET", "microvisor", "/v1/Devices/UV1", false},
		{"GET", "api", "/2010-04-01/Accounts.json/" + account + "/Messages.json", true},
		{"GET", "api", "/2010-04-01/Accounts%20/" + account + "/Messages.json", true},
		{"TRACE", "verify", "/v2/Services", true},
		{"GET", "verify", "/v2/Services", false},
		{"GET", "chat", "/v2/Credentials/CR1", true},
		{"GET", "flex-api", "/v1/Insights/Session", true},
		{"GET", "flex-api", "/v1/Insights", false},
	} {
		if is := denied(c.method, c.host+".twilio.com", c.path, false); is != c.denied {
			t.Errorf("%s %s%s: denied %t", c.method, c.host, c.path, is)
		}
		// Where one host has all products, what is denied of any is denied, except
		// that a path which names no account may be another product's.
		if c.denied && c.host != "verify" && strings.Contains(strings.ToLower(c.path), "/accounts/") && !denied(c.method, "localhost", c.path, true) {
			t.Errorf("%s %s: open at a host of its own", c.method, c.path)
		}
	}
}

func TestARequestThatItsClientSignedIsDenied(t *testing.T) {
	r := &carrier.Request{Method: "POST", Host: "api.twilio.com", Path: "/2010-04-01/Accounts/AC11111111111111111111111111111111/Messages.json",
		Header: http.Header{"Twilio-Client-Validation": {"eyJ"}}}
	if reason := BrokerDenied(r, operations.Route(r, "api"), "AC11111111111111111111111111111111"); reason != carrier.ClientValidation {
		t.Errorf("%q", reason)
	}
}
