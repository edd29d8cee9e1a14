package caddymodule_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// startProducts runs examples/products as it stands, except for one product more and the
// upstream, which keeps what it gets.
func startProducts(t *testing.T) *caddyServer {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "examples/products/Caddyfile"))
	if err != nil {
		t.Fatal(err)
	}
	s := &caddyServer{gate: harness.FreeAddress(t), upstream: startRecorder(t)}
	edits := []string{
		"{\n\tservers {\n", "{\n\tadmin off\n\tauto_https off\n\tpersist_config off\n\tgrace_period 1s\n\tservers {\n",
		"format tollgate", "output discard",
		":8080", "http://" + port(s.gate),
		"import prefix verify\n", "import prefix verify\n\timport prefix voice\n",
		"{args[0]}\n\t\t#", "{args[0]}\n\t\tupstream " + s.upstream.address + "\n\t\t#",
	}
	for i := 0; i < len(edits); i += 2 {
		if !strings.Contains(string(text), edits[i]) {
			t.Fatalf("the example has changed: no %q in it", edits[i])
		}
	}
	t.Setenv("TWILIO_ACCOUNT_SID", acme)
	loadCaddyfile(t, strings.NewReplacer(edits...).Replace(string(text)))
	return s
}

const verifyPath = "/v2/Services/VA33333333333333333333333333333333/Verifications"

func TestAPrefixNamesTheProduct(t *testing.T) {
	s := startProducts(t)
	for _, c := range []struct{ name, path, body, forwarded string }{
		{"a verification", "/verify" + verifyPath, "To=%2B12015550123&Channel=sms", verifyPath},
		{"a flow", "/studio/v2/Flows/FW1/Executions", "To=%2B12015550123&From=%2B12015550199", "/v2/Flows/FW1/Executions"},
		{"a message, without a prefix", messages(acme), messageTo(inUS), messages(acme)},
		{"the prefix in other letters", "/Verify" + verifyPath, "To=%2B12015550123&Channel=sms", verifyPath},
		{"a query", "/verify" + verifyPath + "?A=%2B&b", "To=%2B12015550123&Channel=sms", verifyPath + "?A=%2B&b"},
		{"an encoded name", "/verify/v2/Services/V%40%20/Verifications", "To=%2B12015550123&Channel=sms", "/v2/Services/V%40%20/Verifications"},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, _ := s.raw(t, post(c.path, c.body))
			forwarded := s.upstream.take()
			if response.StatusCode != 201 || len(forwarded) != 1 || !strings.HasPrefix(forwarded[0], "POST "+c.forwarded+" HTTP/1.1\r\n") || !strings.HasSuffix(forwarded[0], c.body) {
				t.Errorf("%d, forwarded %q", response.StatusCode, forwarded)
			}
		})
	}
}

// What the gate answers itself leads back below the prefix too.
func TestLinksOfPermissionsHaveThePrefix(t *testing.T) {
	s := startProducts(t)
	base := "http://" + s.gate + "/voice/v1/DialingPermissions/Countries"
	for path, want := range map[string]string{
		"?PageSize=1": `"next_page_url":"` + base + `?Page=1\u0026PageSize=1\u0026PageToken=1"`,
		"/DE":         `"url":"` + base + `/DE"`,
	} {
		request := "GET " + strings.TrimPrefix(base, "http://"+s.gate) + path + " HTTP/1.1\r\nHost: " + s.gate + "\r\nAuthorization: " + asAcme + "\r\nConnection: close\r\n\r\n"
		if response, body := s.raw(t, request); response.StatusCode != 200 || !strings.Contains(body, want) {
			t.Errorf("%s is answered %d %s", path, response.StatusCode, body)
		}
	}
}

// However a path is written, what is forwarded is what was judged.
func TestNoWayAroundAPrefix(t *testing.T) {
	s := startProducts(t)
	for _, path := range []string{
		"/verify" + verifyPath,
		"/VERIFY" + verifyPath,
		"/verify/" + verifyPath,
		"//verify" + verifyPath,
		"/verify/verify" + verifyPath,
		"/verify/." + verifyPath,
		"/verify/.." + verifyPath,
		"/verify/../verify" + verifyPath,
		"/verify/../studio" + verifyPath,
		"/studio/../verify" + verifyPath,
		"/verify/%2e%2e/verify" + verifyPath,
		"/studio/%2e%2e/verify" + verifyPath,
		"/verify/v2/../v2/Services/VA1/Verifications",
		"/verify/v2/%2e%2e/v2/Services/VA1/Verifications",
		"/verify%2fv2/Services/VA1/Verifications",
		"/verify/v2%2fServices/VA1/Verifications",
		"/%76erify" + verifyPath,
		"/verif%79" + verifyPath,
		"/verify/v2/Services/VA1/Verification%73",
		"/verify/v2;a=b/Services/VA1/Verifications",
		"/verify;" + verifyPath,
		"/verify\\" + verifyPath,
		"/verify/v2\\Services\\VA1\\Verifications",
		"/verify/v2/Services/VA1/Verifications/",
		"/verify/v2/Services/VA1/Verifications%20",
		"/verify/v2/Services/VA1/Verifications#",
		"/studio" + verifyPath,
		verifyPath,
		"http://" + s.gate + "/verify" + verifyPath,
		"http://studio.twilio.com/verify" + verifyPath,
		"/verify" + messages(acme),
	} {
		t.Run(path, func(t *testing.T) {
			response, body := s.raw(t, post(path, "To=%2B998912345678&From=%2B12015550199&Body=Hello&Channel=sms"))
			if forwarded := s.upstream.take(); len(forwarded) > 0 || response.StatusCode < 400 || response.StatusCode >= 500 {
				t.Errorf("%s %s\nforwarded %q", response.Status, body, forwarded)
			}
		})
	}
}
