package sandbox

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// FuzzServeHTTP holds that no request makes the sandbox panic, and that whatever it
// answers has one of Twilio's shapes.
func FuzzServeHTTP(f *testing.F) {
	sandbox := New(Options{Capacity: 3})
	f.Add("POST", base+"/Messages.json", "", form, "To=%2B14155550101&From=Acme&Body=Hello", testAccount)
	f.Add("POST", base+"/Messages", "", form, "To=%00%ff&From=%3Cb%3E&Body=%F0%9F%91%8D", testAccount)
	f.Add("PUT", base+"/Calls.XML", "To=ann@example.com", form, "From=client:x&Twiml=x", testKey)
	f.Add("POST", base+"/Calls.csv", "", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=To\r\n\r\n1\r\n--x--", testKey)
	f.Add("GET", base+"/Messages.json", "PageSize=1&Page=9223372036854775807&PageToken=PB", "", "", testAccount)
	f.Add("DELETE", firstMessage, "", "", "", testAccount)
	f.Add("GET", "/2010-04-01/Accounts.html", "", "", "", "")
	f.Add("POST", "/v2/Services/VA1/Verifications", "", "application/json", "{}", testAccount)
	f.Fuzz(func(t *testing.T, method, path, query, contentType, body, user string) {
		request := &http.Request{
			Method: method, URL: &url.URL{Path: path, RawQuery: query}, Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{"Content-Type": {contentType}},
		}
		request.SetBasicAuth(user, "x")
		recorder := httptest.NewRecorder()
		sandbox.ServeHTTP(recorder, request)
		checkShape(t, method, recorder)
	})
}

func checkShape(t *testing.T, method string, recorder *httptest.ResponseRecorder) {
	t.Helper()
	got := recorder.Body.Bytes()
	if method == http.MethodHead || recorder.Code == http.StatusNoContent {
		if len(got) > 0 {
			t.Fatalf("a body where none can be: %s", got)
		}
		return
	}
	switch recorder.Header().Get("Content-Type") {
	case "application/json":
		checkJSON(t, recorder.Code, got)
	case "application/xml":
		checkXML(t, string(got))
	case "text/csv", "text/html":
	default:
		t.Fatalf("content type %q", recorder.Header().Get("Content-Type"))
	}
}

func checkJSON(t *testing.T, status int, body []byte) {
	t.Helper()
	if !json.Valid(body) || body[0] != '{' {
		t.Fatalf("no JSON object: %q", body)
	}
	if slices.ContainsFunc(body, func(b byte) bool { return b < ' ' || b > '~' }) {
		t.Fatalf("more than printable ASCII: %q", body)
	}
	if status < 400 {
		return
	}
	var refusal struct {
		Code     int    `json:"code"`
		Message  string `json:"message"`
		MoreInfo string `json:"more_info"`
		Status   int    `json:"status"`
	}
	err := json.Unmarshal(body, &refusal)
	if err != nil || refusal.Code == 0 || refusal.Message == "" || refusal.MoreInfo == "" || refusal.Status != status {
		t.Fatalf("%d %s %v", status, body, err)
	}
}

func checkXML(t *testing.T, body string) {
	t.Helper()
	if !strings.HasPrefix(body, "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse>") {
		t.Fatal(body)
	}
	decoder := xml.NewDecoder(strings.NewReader(body))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v: %q", err, body)
		}
	}
}
