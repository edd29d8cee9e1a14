package credentials

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/sandbox"
)

const (
	checkedAccount = "AC11111111111111111111111111111111"
	organization   = "OR11111111111111111111111111111111"
)

func TestChecksAreWrittenForTheRequestTheyAreMadeFor(t *testing.T) {
	for _, test := range []struct {
		name, product, path, header, account, want string
	}{
		{"in the account", "api", "/2010-04-01/Accounts/AC2/Messages.json", "", checkedAccount, "GET /2010-04-01/Accounts/" + checkedAccount + "/Messages.json?PageSize=1"},
		{"without an account", "api", "/2010-04-01/Accounts.json", "", "", "GET /2010-04-01/Accounts.json?PageSize=1"},
		{"with an account that is none", "api", "/2010-04-01/Accounts/x/Messages.json", "", "x/../y?z", "GET /2010-04-01/Accounts/x%2F..%2Fy%3Fz/Messages.json?PageSize=1"},
		{"with an account in the query", "iam", "/v1/Keys", "", "AC1&a=b", "GET /v1/Keys?AccountSid=AC1%26a%3Db&PageSize=1"},
		{"in the organization of the path", "preview-iam", "/Organizations/OR1/scim/Users", "", checkedAccount, "GET /Organizations/OR1/Accounts?"},
		{"in none, as the path has none", "preview-iam", "/Organizations", "", checkedAccount, ""},
		{"an empty create", "preview.messaging", "/v1/Messages", "", checkedAccount, "POST /v1/Messages? application/json {}"},
		{"of a product without one", "pricing", "/v1/Voice", "", checkedAccount, ""},
		{"under a signature that covers the request", "api", "/2010-04-01/Accounts/AC2/Messages.json", clientValidation, checkedAccount, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := request(test.product, test.path, formType)
			if test.header != "" {
				r.Header.Set(test.header, "x")
			}
			probe, ok := Probe(r, operations.Route(r, "api"), test.account, false)
			got := strings.TrimSpace(probe.Method + " " + probe.Path + "?" + probe.RawQuery + " " + probe.ContentType + " " + probe.Body)
			if !ok {
				got = ""
			}
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// An account that no path and no credential names is known to the API of 2010 alone.
func TestAnAssumedAccountIsCheckedInItsOwnList(t *testing.T) {
	for host, want := range map[string]string{
		"verify.twilio.com":            "api.twilio.com",
		"verify.ie1.twilio.com":        "api.ie1.twilio.com",
		"verify.dublin.ie1.twilio.com": "api.dublin.ie1.twilio.com",
		"preview.messaging.twilio.com": "api.twilio.com",
		"gate.example.com":             "api.twilio.com",
	} {
		r := request("", verifyPath, formType)
		r.Host = host
		probe, ok := Probe(r, operations.Route(r, "verify"), checkedAccount, true)
		if !ok || probe.Host != want || probe.Path != "/2010-04-01/Accounts/"+checkedAccount+"/Messages.json" {
			t.Errorf("%s: %+v", host, probe)
		}
	}
}

func TestACheckIsAnsweredAsTheRequestIs(t *testing.T) {
	for extension, want := range map[string]string{
		".json": ".json", "": "", "/": "", ".XML": ".xml", ".csv": ".csv", "/.json": ".json", ".html": ".html", ".json/": ".json", ".foo": "", ".json.foo": "",
	} {
		r := request("api", "/2010-04-01/Accounts/AC2/Calls"+extension, formType)
		probe, _ := Probe(r, operations.Route(r, "api"), checkedAccount, false)
		if probe.Representation != want || probe.Path != "/2010-04-01/Accounts/"+checkedAccount+"/Messages"+want {
			t.Errorf("%s: %+v", extension, probe)
		}
	}
}

// Where requests go to one place whatever their host says, it is the operation that
// says which product they are for.
func TestACheckIsOfTheProductOfTheOperationWhereHostsSayNothing(t *testing.T) {
	r := request("sync", "/2010-04-01/Accounts/"+checkedAccount+"/Messages.json", formType)
	for anyProduct, want := range map[bool]string{true: "/2010-04-01/Accounts/" + checkedAccount + "/Messages.json", false: ""} {
		r.AnyProduct = anyProduct
		if probe, _ := Probe(r, operations.Route(r, "api"), checkedAccount, false); probe.Path != want {
			t.Errorf("%q, want %q", probe.Path, want)
		}
	}
	// A host that has the operation says something.
	r = request("preview.messaging", "/v1/Messages", jsonType)
	r.AnyProduct = true
	op := operations.Route(r, "api")
	if probe, _ := Probe(r, op, checkedAccount, false); op.CheckedAs != "preview.messaging" || probe.Path != "/v1/Messages" {
		t.Errorf("as %s, %s", op.CheckedAs, probe.Path)
	}
}

func TestTheSandboxJudgesTheCredentialOfEveryCheck(t *testing.T) {
	carrierSandbox := sandbox.New(sandbox.Options{Tokens: map[string]string{checkedAccount: "right"}})
	for i := range probes {
		row := &probes[i]
		r := request(row.product, "/Organizations/"+organization, formType)
		probe, ok := Probe(r, operations.Route(r, "api"), checkedAccount, false)
		if !ok {
			t.Fatalf("%s has no check", row.product)
		}
		for password, want := range map[string]carrier.Status{"right": carrier.Accepted, "wrong": carrier.Rejected} {
			asked := httptest.NewRequest(probe.Method, "https://"+row.product+".twilio.com"+probe.Path+"?"+probe.RawQuery, strings.NewReader(probe.Body))
			asked.SetBasicAuth(checkedAccount, password)
			asked.Header.Set("Content-Type", probe.ContentType)
			w := httptest.NewRecorder()
			carrierSandbox.ServeHTTP(w, asked)
			got := Status(carrier.Answer{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()})
			if got != want {
				t.Errorf("%s with a %s password: %v, by %d %s", row.product, password, got, w.Code, w.Body)
			}
			if row.product == "api" && password == "right" && w.Code != http.StatusOK {
				t.Errorf("%s: %d %s", probe.Path, w.Code, w.Body)
			}
		}
	}
}

func TestWhatAnAnswerTellsOfACredential(t *testing.T) {
	const bad = `{"code": 20003, "message": "Authenticate", "more_info": "https://www.twilio.com/docs/errors/20003", "status": 401}`
	const unpermitted = `{"code": 70004, "message": "The provided key does not have the permissions to access this endpoint", "status": 401}`
	for _, test := range []struct {
		name     string
		status   int
		encoding string
		body     string
		want     carrier.Status
	}{
		{"a list", 200, "", "", carrier.Accepted},
		{"an error of the request", 400, "", `{"code": 20001}`, carrier.Accepted},
		{"test credentials, 20008", 403, "", `{"code": 20008}`, carrier.Accepted},
		{"a list that is not there, with a name", 404, "named", "", carrier.Rejected},
		{"a list that is gone, with a code", 410, "", `{"code": 20410}`, carrier.Rejected},
		{"an error of the request, with a name", 400, "named", "", carrier.Accepted},
		{"a redirect by a proxy in front of Twilio", 307, "", "", carrier.Rejected},
		{"an error of a proxy in front of Twilio", 400, "", "<html><h1>Bad Request</h1></html>", carrier.Rejected},
		{"one with a code of its own", 403, "", `{"code": 403, "message": "Forbidden"}`, carrier.Rejected},
		{"a header that is too long for it", 431, "", "", carrier.Rejected},
		{"an unknown credential, with a name", 401, "named", bad, carrier.Rejected},
		{"an unknown credential", 401, "", bad, carrier.Rejected},
		{"an unknown credential, packed", 401, "gzip", bad, carrier.Rejected},
		{"a key without permission", 401, "", unpermitted, carrier.Accepted},
		{"a key without permission, packed", 401, "gzip", unpermitted, carrier.Accepted},
		{"a key without permission, in another encoding", 401, "br", "\x0b\x02", carrier.Rejected},
		{"a key without permission, packed and cut", 401, "gzip cut", unpermitted, carrier.Rejected},
		{"in XML", 401, "", "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse><RestException><Code>20003</Code></RestException></TwilioResponse>", carrier.Rejected},
		{"in XML, without permission", 401, "", "<TwilioResponse><RestException><Code>70004</Code></RestException></TwilioResponse>", carrier.Accepted},
		{"in words for people", 401, "", "<html>Unauthorized</html>", carrier.Rejected},
		{"cut", 401, "", unpermitted[:40], carrier.Rejected},
		{"without a body", 401, "", "", carrier.Rejected},
		{"without a code", 401, "", "{}", carrier.Rejected},
		{"too many", 429, "", bad, carrier.Inconclusive},
		{"broken", 500, "", bad, carrier.Inconclusive},
		{"a gateway's", 503, "", "", carrier.Inconclusive},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := carrier.Answer{Status: test.status, Header: http.Header{}, Body: []byte(test.body)}
			encoding, cut, _ := strings.Cut(test.encoding, " ")
			answer.Header.Set("Content-Encoding", encoding)
			if encoding == "named" {
				answer.Header = http.Header{requestIDHeader: {"RQ00000000000000000000000000000000"}}
			}
			if encoding == "gzip" {
				var packed bytes.Buffer
				w := gzip.NewWriter(&packed)
				_, _ = w.Write(answer.Body)
				_ = w.Close()
				answer.Body = packed.Bytes()
				if cut != "" {
					answer.Body = answer.Body[:packed.Len()/2]
				}
			}
			if got := Status(answer); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

func TestAnAnswerThatIsGivenAgainHasANameOfItsOwn(t *testing.T) {
	first := http.Header{
		"Date":              {"Sun, 01 Nov 2026 00:00:00 GMT"},
		"Twilio-Request-Id": {"RQ00000000000000000000000000000000"},
		"X-Amz-Cf-Id":       {strings.Repeat("A", 54) + "=="},
		"X-Home-Region":     {"us1"},
	}
	again := first.Clone()
	Reissue(again, time.Date(2026, 11, 1, 0, 0, 7, 0, time.UTC))
	for name := range first {
		if (again.Get(name) == first.Get(name)) != (name == "X-Home-Region") || len(again.Get(name)) != len(first.Get(name)) {
			t.Errorf("%s: %s after %s", name, again.Get(name), first.Get(name))
		}
	}
	bare := http.Header{}
	Reissue(bare, time.Now())
	if len(bare) != 0 {
		t.Errorf("%v was put into an answer that had nothing of it", bare)
	}
}
