package carrier

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestReadCredential(t *testing.T) {
	const refused = "refused"
	basic := func(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }
	for _, test := range []struct {
		name, header string
		user, token  string
	}{
		{"an account", basic("AC11111111111111111111111111111111:secret"), "AC11111111111111111111111111111111", ""},
		{"a key", basic("SK22222222222222222222222222222222:secret"), "SK22222222222222222222222222222222", ""},
		{"the scheme in another letter case", "bASIC" + strings.TrimPrefix(basic("a:b"), "Basic"), "a", ""},
		{"more than one space", "Basic   " + strings.TrimPrefix(basic("a:b"), "Basic "), "a", ""},
		{"a tab behind the scheme", "Basic\t" + strings.TrimPrefix(basic("a:b"), "Basic "), "a", ""},
		{"space behind", basic("a:b") + " \t", "a", ""},
		{"space inside", "Basic YTp iYw==", "a", ""},
		{"no password", basic("a:"), "a", ""},
		{"a password with colons", basic("a:b:c"), "a", ""},
		{"a password of great length", basic("a:" + strings.Repeat("b", 10_000)), "a", ""},
		{"a password that is not UTF-8", basic("a:\xff\xfe"), "a", ""},
		{"a user with spaces around", basic(" a :b"), "a", ""},
		{"no user", basic(":b"), "", ""},
		{"no padding", strings.TrimRight(basic("a:bc"), "="), "a", ""},
		{"more behind the padding", basic("a:bc") + "YTpi", refused, ""},
		{"no colon", basic("ab"), refused, ""},
		{"not encoded", "Basic a:b", refused, ""},
		{"nothing behind the scheme", "Basic ", refused, ""},
		{"another one behind", basic("a:b") + ", Bearer c", refused, ""},

		{"a token", "Bearer e30.e30.e30", "", "e30.e30.e30"},
		{"a token of all characters", "Bearer AZaz09-._~+/==", "", "AZaz09-._~+/=="},
		{"a token behind a tab and spaces", "bearer \t e30", "", "e30"},
		{"a token with space behind", "Bearer e30 ", "", "e30"},
		{"a token of great length", "Bearer " + strings.Repeat("a", 10_000), "", strings.Repeat("a", 10_000)},
		{"no token", "Bearer ", refused, ""},
		{"padding alone", "Bearer ==", refused, ""},
		{"a token that the scheme runs into", "Bearere30", refused, ""},
		{"two tokens", "Bearer e30 e30", refused, ""},
		{"two tokens with a comma", "Bearer e30,e31", refused, ""},
		{"a token in quotes", `Bearer "e30"`, refused, ""},
		{"padding inside", "Bearer e3=0", refused, ""},
		{"a character that cannot be seen", "Bearer e30\u200b", refused, ""},
		{"Basic behind a token", "Bearer " + basic("a:b"), refused, ""},

		{"another scheme", "Digest username=a", refused, ""},
		{"nothing", "", "", ""},
		{"Basic behind another scheme", "Digest username=a, " + basic("a:b"), refused, ""},
		{"a token behind another scheme", "Token x, BEARER e30", refused, ""},
		{"Basic behind a sign", `"` + basic("a:b"), refused, ""},
		{"Basic behind a space that is none to HTTP", "\u200b" + basic("a:b"), refused, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadCredential(test.header, "")
			if err != nil {
				got = Credential{User: refused}
			}
			if got != (Credential{test.user, test.token}) {
				t.Errorf("%q is %+v, want %q and %q", test.header, got, test.user, test.token)
			}
		})
	}
}

// unsigned is a token with these claims, as text.
func unsigned(claims string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2lnbmF0dXJl"
}

func TestTokenClaims(t *testing.T) {
	for _, test := range []struct {
		name, token, want string
	}{
		{"texts alone count", unsigned(`{"iss":"a","exp":1,"aud":["b"],"act":{"sub":"c"},"ok":true,"none":null}`), "a"},
		{"each once, sorted", unsigned(`{"sub":"b","iss":"a","azp":"b"}`), "a b"},
		{"with padding", strings.Replace(unsigned(`{"iss":"a"}`), ".c2", "=.c2", 1), "a"},
		{"an opaque token", "e30", ""},
		{"two parts", "e30.e30", ""},
		{"four parts", unsigned(`{"iss":"a"}`) + ".e30", ""},
		{"five parts, as of an encrypted one", "e30" + strings.Repeat(".e30", 4), ""},
		{"claims that do not decode", "e30.!.e30", ""},
		{"claims that are not JSON", unsigned(`{"iss":"a"`), ""},
		{"claims that are not an object", unsigned(`["a"]`), ""},
		{"null", unsigned(`null`), ""},
		{"more behind the claims", unsigned(`{"iss":"a"}{"iss":"b"}`), ""},
		{"nested to great depth", unsigned(`{"a":` + strings.Repeat("[", 6_000) + "}"), ""},
		{"too long to be looked into", unsigned(`{"iss":"` + strings.Repeat("a", LongestToken) + `"}`), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(TokenClaims(test.token), " "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// strictBearer is a header that every reader reads as one token.
var strictBearer = regexp.MustCompile(`^[Bb]earer ([A-Za-z0-9._~+/-]+=*)$`)

// Whatever user or token another reader finds, ours finds it too or refuses the
// header.
func FuzzReadCredential(f *testing.F) {
	f.Fuzz(func(t *testing.T, header string) {
		got, err := ReadCredential(header, "")
		if err != nil {
			if got != (Credential{}) {
				t.Errorf("refused, and read as %+v", got)
			}
			return
		}
		if user, _, ok := (&http.Request{Header: http.Header{"Authorization": {header}}}).BasicAuth(); ok && got.User != strings.TrimSpace(user) {
			t.Errorf("net/http finds the user %q, we %q", user, got.User)
		}
		if match := strictBearer.FindStringSubmatch(header); match != nil && got.Token != match[1] {
			t.Errorf("a strict reader finds the token %q, we %q", match[1], got.Token)
		}
		// A reader that accepts a scheme anywhere. What begins with Basic is Basic
		// to every reader.
		fields := strings.FieldsFunc(header, func(r rune) bool { return strings.ContainsRune(" \t,;", r) })
		for i, field := range fields[:max(0, len(fields)-1)] {
			if strings.EqualFold(field, "basic") && i > 0 && got.User == "" && got.Token != "" {
				t.Errorf("a lenient reader finds Basic, we the token %q", got.Token)
			}
			if begins := strings.EqualFold(field, "bearer") && i == 0; begins && got.Token != fields[1] {
				t.Errorf("a lenient reader finds the token %q, we %q", fields[1], got.Token)
			}
		}
		if got == (Credential{}) && regexp.MustCompile(`(?i)basic|bearer`).MatchString(header) && !strings.HasPrefix(strings.ToLower(strings.TrimSpace(header)), "basic") {
			t.Error("a lenient reader may find a credential, we find none")
		}
		if claims := TokenClaims(got.Token); !slices.IsSorted(claims) {
			t.Errorf("claims %q are not sorted", claims)
		}
	})
}
