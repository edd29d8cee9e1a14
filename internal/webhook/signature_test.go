package webhook_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"

	"github.com/caddy-tollgate/tollgate/internal/webhook"
	"github.com/caddy-tollgate/tollgate/policy"
)

// sign signs a text as Twilio does.
func sign(token, text string) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestASignatureIsTwilios(t *testing.T) {
	// The example of Twilio's documentation and of the tests of its libraries.
	const (
		token   = "12345"
		address = "https://mycompany.com/myapp.php?foo=1&bar=2"
		body    = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
		signed  = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
	)
	json := `{"a": 1}`
	sum := sha256.Sum256([]byte(json))
	withDigest := address + "&bodySHA256=" + hex.EncodeToString(sum[:])
	for _, c := range []struct {
		name      string
		tokens    []string
		signature []string
		address   string
		body      string
		want      policy.Reason
	}{
		{"the example", []string{token}, []string{signed}, address, body, ""},
		{"another token", []string{"54321"}, []string{signed}, address, body, webhook.SignatureInvalid},
		{"one of two tokens", []string{"54321", token}, []string{signed}, address, body, ""},
		{"with the port, signed without", []string{token}, []string{signed}, "https://mycompany.com:443/myapp.php?foo=1&bar=2", body, ""},
		{"without the port, signed with it", []string{token}, []string{sign(token, "https://a.example:443/")}, "https://a.example/", "", ""},
		{"in plain", []string{token}, []string{sign(token, "http://a.example:80/")}, "http://a.example/", "", ""},
		{"another port, signed without", []string{token}, []string{sign(token, "https://a.example/")}, "https://a.example:8443/", "", ""},
		{"another scheme", []string{token}, []string{signed}, "http://mycompany.com/myapp.php?foo=1&bar=2", body, webhook.SignatureInvalid},
		{"another path", []string{token}, []string{signed}, "https://mycompany.com/?foo=1&bar=2", body, webhook.SignatureInvalid},
		{"one parameter more", []string{token}, []string{signed}, address, body + "&a=b", webhook.SignatureInvalid},
		{"one parameter again", []string{token}, []string{signed}, address, body + "&To=%2B998912345678", webhook.SignatureInvalid},
		{"one parameter twice", []string{token}, []string{sign(token, "https://a.example/MediaaMediab")}, "https://a.example/", "Media=b&Media=a&Media=b", ""},
		{"no body", []string{token}, []string{sign(token, "https://a.example/?b=c")}, "https://a.example/?b=c", "", ""},
		{"a user", []string{token}, []string{sign(token, "https://u:p@a.example:443/")}, "https://u:p@a.example/", "", ""},
		{"an IPv6 address", []string{token}, []string{sign(token, "https://[::1]/")}, "https://[::1]:443/", "", ""},
		{"a digest", []string{token}, []string{sign(token, withDigest)}, withDigest, json, ""},
		{"a digest of another body", []string{token}, []string{sign(token, withDigest)}, withDigest, "{}", webhook.SignatureInvalid},
		{"two digests", []string{token}, []string{sign(token, withDigest+"&bodySHA256=x")}, withDigest + "&bodySHA256=x", json, webhook.SignatureInvalid},
		{"a body that is not a form, and no digest", []string{token}, []string{sign(token, address)}, address, json, webhook.SignatureInvalid},
		{"a form that does not decode", []string{token}, []string{sign(token, address)}, address, "%zz", webhook.SignatureInvalid},
		{"no signature", []string{token}, nil, address, body, webhook.SignatureMissing},
		{"an empty one", []string{token}, []string{""}, address, body, webhook.SignatureMissing},
		{"two", []string{token}, []string{signed, signed}, address, body, webhook.SignatureInvalid},
		{"one that is not a signature", []string{token}, []string{"?"}, address, body, webhook.SignatureInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			keys := webhook.SigningKeys{AuthTokens: c.tokens}
			header := http.Header{webhook.SignatureHeader: c.signature}
			if got, _ := keys.Check(header, c.address, []byte(c.body)); got != c.want {
				t.Errorf("reason %q, want %q", got, c.want)
			}
		})
	}
}

// Twilio's own library checks signatures as this package does, except that it reads only
// the first value of a repeated parameter.
func FuzzSignature(f *testing.F) {
	f.Add("https://a.example/x?y=z", "From=%2B1&To=b&a=c", "token", "key=K1,algorithm=HMAC_SHA256")
	f.Add("http://a.example:8080/", "", "t", "algorithm=HMAC_SHA1, key=K1")
	f.Add("https://a.example", "a;b=c&&=", "", "")
	f.Fuzz(func(t *testing.T, address, body, token, settings string) {
		u, err := url.Parse(address)
		form, formErr := url.ParseQuery(body)
		if err != nil || formErr != nil || u.Host == "" || u.String() != address || u.Query().Has("bodySHA256") || u.Fragment != "" {
			return // the library writes such addresses otherwise
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || len(u.Host) > 0 && u.Host[0] == '[' {
			return
		}
		text := address
		for _, name := range sortedNames(form) {
			if len(form[name]) > 1 {
				return
			}
			text += name + form[name][0]
		}
		validator := client.NewRequestValidator(token)
		signature := sign(token, text)
		keys := webhook.SigningKeys{AuthTokens: []string{token}}
		reason, _ := keys.Check(http.Header{webhook.SignatureHeader: {signature}}, address, []byte(body))
		ours := reason == ""
		if theirs := validator.ValidateBody(address, []byte(body), signature); !ours || !theirs && u.Port() == "" {
			t.Errorf("%q %q: we say %t, the library %t", address, body, ours, theirs)
		}
		if reason, _ := keys.Check(http.Header{webhook.SignatureHeader: {sign(token+"x", text)}}, address, []byte(body)); reason == "" {
			t.Error("another token is accepted")
		}
		checkNoDowngrade(t, token, settings, address, body, text)
	})
}

// checkNoDowngrade checks that SettingsHeader alone decides how a request must be signed,
// even where a token and a shared key are alike.
func checkNoDowngrade(t *testing.T, token, settings, address, body, text string) {
	t.Helper()
	keys := webhook.SigningKeys{AuthTokens: []string{token}, SharedKeys: []webhook.SharedKey{{ID: "K1", Secret: token}}}
	header := http.Header{webhook.SettingsHeader: {settings}}
	for algorithm, signature := range map[string]string{"HMAC_SHA1": sign(token, text), "HMAC_SHA256": signSHA256(token, text)} {
		header.Set(webhook.SignatureHeader, signature)
		reason, _ := keys.Check(header, address, []byte(body))
		isNamed := strings.Contains(settings, "K1") && strings.Contains(settings, algorithm)
		if reason == "" && !isNamed || reason != "" && settings == "key=K1,algorithm="+algorithm {
			t.Errorf("%s with the settings %q: %q", algorithm, settings, reason)
		}
	}
	header.Set(webhook.SignatureHeader, signSHA256(token, text))
	header.Del(webhook.SettingsHeader)
	if reason, _ := keys.Check(header, address, []byte(body)); reason == "" {
		t.Error("SHA-256 is accepted without settings")
	}
}

func sortedNames(form url.Values) []string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	for i := range names {
		for j := i + 1; j < len(names); j++ {
			if names[j] < names[i] {
				names[i], names[j] = names[j], names[i]
			}
		}
	}
	return names
}
