package params

import (
	"errors"
	"strings"
	"testing"
)

// wantTo keeps the parameter that the tests are about.
func wantTo(name string) bool { return strings.EqualFold(name, "To") }

// outcome describes what a reader found: the values, each in brackets, or why
// it did not take the body.
func outcome(found []Parameter, err error) string {
	switch {
	case errors.Is(err, ErrContentType):
		return "content type"
	case errors.Is(err, ErrUndecodable):
		return "undecodable"
	case err != nil:
		return err.Error()
	}
	var b strings.Builder
	for _, p := range found {
		b.WriteString("[" + p.Value + "]")
	}
	return b.String()
}

func TestForms(t *testing.T) {
	for _, test := range []struct {
		name, form, want string
	}{
		{"nothing", "", ""},
		{"one value", "To=1", "[1]"},
		{"no value", "To", "[]"},
		{"an empty value", "To=", "[]"},
		{"other parameters", "From=2&Body=3", ""},
		{"twice", "To=1&To=2", "[1][2]"},
		{"another letter case", "to=1&TO=2&tO=3", "[1][2][3]"},
		{"an encoded name", "%54%6f=1", "[1]"},
		{"an encoded value", "To=%2B1+2%203", "[+1 2 3]"},
		{"an index", "To[]=1&To[0]=2&To%5B1%5D=3&To[a][b]=4", "[1][2][3][4]"},
		{"spaces around the name", "+To=1&To%20=2&%09To=3", "[1][2][3]"},
		{"an equals sign in the value", "To=1=2", "[1=2]"},
		{"semicolons, read both ways", "To=1;To=2", "[1;To=2][1][2]"},
		{"a semicolon before", "Body=x;To=2", "[2]"},
		{"an encoded semicolon separates nothing", "Body=x%3BTo=2", ""},
		{"empty pairs", "&&To=1&&", "[1]"},
		{"a bad escape in a name", "%zz=1", "undecodable"},
		{"half an escape in a name", "T%6=1", "undecodable"},
		{"a bad escape in the value", "To=%zz", "undecodable"},
		{"a bad escape in a value that is not wanted", "Body=%zz&To=1", "[1]"},
		{"a bad escape behind a semicolon", "Body=1;%zz=1&To=2", "[2]"},
		{"bytes that are not UTF-8", "To=%ff\xfe", "[\xff\xfe]"},
		{"an encoded NUL", "To=1%002", "[1\x002]"},
		{"a name that only begins alike", "Too=1&T=2&ToBinding=3", ""},
		{"a path in the name", "x.To=1&x[To]=2", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := outcome(Form(test.form, wantTo, nil)); got != test.want {
				t.Errorf("%q holds %q, want %q", test.form, got, test.want)
			}
		})
	}
}

func TestFormKeepsWhatWasFoundBefore(t *testing.T) {
	found, err := Form("To=2", wantTo, []Parameter{{Name: "To", Value: "1"}})
	if got := outcome(found, err); got != "[1][2]" {
		t.Error(got)
	}
}

func TestJSONDocuments(t *testing.T) {
	deep := strings.Repeat("[", 70) + strings.Repeat("]", 70)
	for _, test := range []struct {
		name, document, want string
	}{
		{"a member", `{"to": "1"}`, "[1]"},
		{"another letter case", `{"TO": "1"}`, "[1]"},
		{"an escaped name", `{"\u0074o": "1"}`, "[1]"},
		{"spaces around the name", `{" to ": "1"}`, "[1]"},
		{"the same name twice", `{"to": "1", "to": "2"}`, "[1][2]"},
		{"a number", `{"to": 998912345678}`, "[998912345678]"},
		{"a list", `{"to": ["1", 2, ["3"]]}`, "[1][2][3]"},
		{"at any depth", `[{"messages": [{"to": "1"}, {"x": {"to": "2"}}]}]`, "[1][2]"},
		{"an object under the name", `{"to": {"address": "1", "to": "2"}}`, "[2]"},
		{"neither text nor number", `{"to": [true, null, {}]}`, ""},
		{"an escaped value", `{"to": "\u002b1"}`, "[+1]"},
		{"half a surrogate pair", `{"to": "\ud800"}`, "[\ufffd]"},
		{"a bare value", `"1"`, ""},
		{"space around it", " \n{\"to\": \"1\"}\r\n\t", "[1]"},
		{"nothing", "", "undecodable"},
		{"a byte order mark", "\xef\xbb\xbf{}", "undecodable"},
		{"a NUL", "{}\x00", "undecodable"},
		{"UTF-16", "{\x00}\x00", "undecodable"},
		{"a value that is not UTF-8", "{\"to\": \"+998\xff\"}", "undecodable"},
		{"a name that is not UTF-8", "{\"t\xffo\": \"1\"}", "undecodable"},
		{"two documents", `{} {"to": "1"}`, "undecodable"},
		{"rubbish behind it", `{}x`, "undecodable"},
		{"a comma too many", `{"to": "1",}`, "undecodable"},
		{"a list with a comma too many", `["1",]`, "undecodable"},
		{"no colon", `{"to" "1"}`, "undecodable"},
		{"brackets that do not match", `{"to": ["1"}]`, "undecodable"},
		{"no end", `{"to": "1"`, "undecodable"},
		{"single quotes", `{'to': '1'}`, "undecodable"},
		{"a comment", `{/* x */ "to": "1"}`, "undecodable"},
		{"a line break in a text", "{\"to\": \"1\n2\"}", "undecodable"},
		{"too deep", deep, "undecodable"},
		{"not a number of JSON", `{"to": NaN}`, "undecodable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := outcome(JSON([]byte(test.document), wantTo, nil)); got != test.want {
				t.Errorf("%q holds %q, want %q", test.document, got, test.want)
			}
		})
	}
}

// What stands in an object has the object's name for its parent, through any
// arrays between them.
func TestJSONMembersKnowWhereTheyStand(t *testing.T) {
	document := `{"to": "1", "from": {"to": "2"}, "x": {"from": [[{"to": ["3"]}], {"to": {"to": "4"}}]}, "y": [{"to": "5"}]}`
	found, err := JSON([]byte(document), wantTo, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range found {
		got = append(got, p.Parent+"/"+p.Value)
	}
	if want := "/1 from/2 from/3 to/4 y/5"; strings.Join(got, " ") != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// parts makes a multipart body with the boundary "x" of whole parts.
func parts(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteString("--x\r\n" + part + "\r\n")
	}
	return b.String() + "--x--\r\n"
}

// part makes a part with the value 1 of header lines.
func part(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n\r\n1" }

const disposition = `Content-Disposition: form-data; name="To"`

func TestMultipartBodies(t *testing.T) {
	for _, test := range []struct {
		name, body, want string
	}{
		{"one part", parts(part(disposition)), "[1]"},
		{"two parts", parts(part(disposition), part(disposition)), "[1][1]"},
		{"a name without quotes", parts(part("Content-Disposition: form-data; name=To")), "[1]"},
		{"names in another letter case", parts(part(`CONTENT-DISPOSITION: FORM-DATA; NAME="to"`)), "[1]"},
		{"an index", parts(part(`Content-Disposition: form-data; name="To[0]"`)), "[1]"},
		{"a file", parts(part(disposition + `; filename="a.txt"`)), "[1]"},
		{"no name", parts(part(`Content-Disposition: form-data; filename="To"`)), ""},
		{"a folded header", parts(part("Content-Disposition: form-data;", ` name="To"`)), "[1]"},
		{"a type and charset", parts(part(disposition, "Content-Type: text/plain; charset=UTF-8")), "[1]"},
		{"a value of several lines", parts("Content-Disposition: form-data; name=To\r\n\r\n1\r\n2\n3\r\n\r\n4"), "[1\r\n2\n3\r\n\r\n4]"},
		{"an empty value", parts("Content-Disposition: form-data; name=To\r\n\r\n"), "[]"},
		{"a line break before it all", "\r\n" + parts(part(disposition)), "[1]"},
		{"no line break at the end", strings.TrimSpace(parts(part(disposition))), "[1]"},
		{"a text before it all", "hello\r\n" + parts(part(disposition)), "[1]"},
		{"a text behind it all", parts(part(disposition)) + "bye", "[1]"},
		{"no parts", "--x--\r\n", ""},
		{"nothing but a text", "hello", "undecodable"},
		{"no end", "--x\r\n" + part(disposition) + "\r\n", "undecodable"},
		{"another boundary", strings.ReplaceAll(parts(part(disposition)), "--x", "--y"), "undecodable"},
		{"line ends without a return", strings.ReplaceAll(parts(part(disposition)), "\r", ""), "undecodable"},
		{"a header line without a return", parts(strings.Replace(part(disposition, "X-A: b"), "\r\n", "\n", 1)), "undecodable"},
		{"an empty line without a return", parts("Content-Disposition: form-data; name=To\n\n2\r\n\r\n1"), "undecodable"},
		{"a return alone in a header", parts(part(disposition, "X-A: b\rX-C: d")), "undecodable"},
		{"space behind a boundary", "--x  \r\n" + part(disposition) + "\r\n--x--\r\n", "undecodable"},
		{"a part in the preamble", part(disposition) + "\r\n" + parts(part(disposition)), "undecodable"},
		{"a part in the epilogue", parts(part(disposition)) + parts(part(disposition)), "undecodable"},
		{"a part in a part", parts(part(disposition) + "\r\n" + part(disposition)), "undecodable"},
		{"a boundary within a line", parts(part(disposition) + "--x"), "undecodable"},
		{"a boundary after a line feed alone", parts(part(disposition) + "\n--x\n2"), "undecodable"},
		{"a boundary that goes on", parts(part(disposition) + "\r\n--xyz\r\n2"), "undecodable"},
		{"a part that is encoded", parts(part(disposition, "Content-Transfer-Encoding: base64")), "undecodable"},
		{"a part that is quoted-printable", parts(part(disposition, "Content-Transfer-Encoding: Quoted-Printable")), "undecodable"},
		{"a part that says it is not encoded", parts(part(disposition, "Content-Transfer-Encoding: 8BIT")), "[1]"},
		{"a part that says both", parts(part(disposition, "Content-Transfer-Encoding: 8bit", "Content-Transfer-Encoding: base64")), "undecodable"},
		{"a part in another charset", parts(part(disposition, "Content-Type: text/plain; charset=utf-16")), "content type"},
		{"a part in two charsets", parts(part(disposition, "Content-Type: text/plain", "Content-Type: text/plain; charset=utf-16")), "undecodable"},
		{"two dispositions", parts(part(disposition, `Content-Disposition: form-data; name="X"`)), "undecodable"},
		{"no disposition", parts(part("X-A: b")), "undecodable"},
		{"another disposition", parts(part(`Content-Disposition: attachment; name="To"`)), "undecodable"},
		{"two names", parts(part(`Content-Disposition: form-data; name="X"; name="To"`)), "undecodable"},
		{"an extended name", parts(part(`Content-Disposition: form-data; name*=utf-8''To`)), "undecodable"},
		{"a name in pieces", parts(part(`Content-Disposition: form-data; name*0=T; name*1=o`)), "undecodable"},
		{"an encoded word", parts(part(`Content-Disposition: form-data; name="=?utf-8?Q?To?="`)), "undecodable"},
		{"a name with a backslash", parts(part(`Content-Disposition: form-data; name="T\o"`)), "undecodable"},
		{"a name that is never closed", parts(part(`Content-Disposition: form-data; name="To`)), "undecodable"},
		{"space before the colon", parts(part(`Content-Disposition : form-data; name="To"`)), "undecodable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := outcome(Multipart([]byte(test.body), "x", wantTo, nil)); got != test.want {
				t.Errorf("%q holds %q, want %q", test.body, got, test.want)
			}
		})
	}
}

func TestBodiesByTheirType(t *testing.T) {
	const everything = AcceptForm | AcceptMultipart | AcceptJSON | AcceptOther
	body := map[string]string{
		"form": "To=1", "json": `{"to": "1"}`, "multipart": parts(part(disposition)), "empty": "",
	}
	for _, test := range []struct {
		contentType string
		accepts     Accepts
		body        string
		want        string
		searchable  bool
	}{
		{"", AcceptForm, "form", "[1]", true},
		{"", AcceptJSON, "json", "content type", true},
		{"application/x-www-form-urlencoded", AcceptForm, "form", "[1]", true},
		{"Application/X-WWW-Form-URLencoded", AcceptForm, "form", "[1]", true},
		{"application/x-www-form-urlencoded", AcceptJSON, "form", "content type", true},
		{"application/x-www-form-urlencoded; charset=utf-8", AcceptForm, "form", "[1]", true},
		{`application/x-www-form-urlencoded; charset="UTF-8"`, AcceptForm, "form", "[1]", true},
		{"application/x-www-form-urlencoded;charset=utf8", AcceptForm, "form", "[1]", true},
		{"application/x-www-form-urlencoded; charset=us-ascii", AcceptForm, "form", "[1]", true},
		{"application/x-www-form-urlencoded; charset=", AcceptForm, "form", "content type", true},
		{"application/x-www-form-urlencoded; charset=iso-8859-1", AcceptForm, "form", "[1]", true},
		{"application/x-www-form-urlencoded; charset=utf-16", AcceptForm, "form", "content type", true},
		{"application/x-www-form-urlencoded; charset=utf-7", AcceptForm, "form", "content type", true},
		{"application/x-www-form-urlencoded; charset=utf-16; charset=utf-8", AcceptForm, "form", "content type", true},
		{"application/x-www-form-urlencoded; charset=utf-16; charset*=utf-8''utf-8", AcceptForm, "form", "content type", true},
		{"application/x-www-form-urlencoded, application/json", everything, "form", "content type", true},
		{" ", AcceptForm, "form", "content type", true},
		{"nonsense/", everything, "form", "content type", true},
		{"text/plain", AcceptForm, "form", "content type", false},
		{"text/plain", everything, "form", "", false},
		{"text/plain; charset=utf-16", everything, "form", "content type", true},
		{"application/json", AcceptJSON, "json", "[1]", true},
		{"application/json; charset=utf-8", AcceptJSON, "json", "[1]", true},
		{"application/json; charset=utf-16", AcceptJSON, "json", "content type", true},
		{"application/json", AcceptForm, "json", "content type", true},
		{"application/vnd.twilio+json", AcceptJSON, "json", "[1]", true},
		{"text/json", AcceptJSON, "json", "content type", true},
		{"text/json", AcceptOtherJSON, "json", "[1]", true},
		{"text/json", everything, "json", "[1]", true},
		{"model/gltf+json", AcceptOtherJSON, "json", "[1]", true},
		{"application/x-ndjson", AcceptJSON, "json", "content type", true},
		{"application/x-ndjson", AcceptOtherJSON, "json", "[1]", true},
		{"application/jsonl; charset=utf-8", everything, "json", "[1]", true},
		{"application/jsonl", AcceptOtherJSON, "form", "undecodable", true},
		{"application/json", AcceptJSON, "form", "undecodable", true},
		{"multipart/form-data; boundary=x", AcceptMultipart, "multipart", "[1]", true},
		{`Multipart/Form-Data; boundary="x"`, AcceptMultipart, "multipart", "[1]", true},
		{"multipart/form-data; boundary=x; charset=utf-8", AcceptMultipart, "multipart", "[1]", true},
		{"multipart/form-data", AcceptMultipart, "multipart", "undecodable", true},
		{"multipart/form-data; boundary=", AcceptMultipart, "multipart", "content type", true},
		{"multipart/form-data; boundary=y", AcceptMultipart, "multipart", "undecodable", true},
		{"multipart/form-data; boundary=y; boundary=x", AcceptMultipart, "multipart", "content type", true},
		{"multipart/form-data; boundary=y; boundary*=utf-8''x", AcceptMultipart, "multipart", "content type", true},
		{"multipart/form-data; boundary=x", AcceptForm, "multipart", "content type", true},
		{"multipart/mixed; boundary=x", AcceptMultipart, "multipart", "content type", false},
		{"application/octet-stream", AcceptForm, "empty", "", false},
		{"nonsense/", AcceptForm, "empty", "", true},
	} {
		t.Run(test.contentType+" "+test.body, func(t *testing.T) {
			if got := outcome(Body(test.contentType, []byte(body[test.body]), test.accepts, wantTo, nil)); got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
			if got := Searchable(test.contentType); got != test.searchable {
				t.Errorf("searchable: %t", got)
			}
		})
	}
}

func TestQueryOverridesMethod(t *testing.T) {
	for query, want := range map[string]bool{
		"":                    false,
		"To=1&Page=2":         false,
		"_method=PUT":         true,
		"_METHOD=PUT":         true,
		"a=1&_method":         true,
		"%5Fmethod=PUT":       true,
		"_method%20=PUT":      true,
		"_method[]=PUT":       true,
		"a=1;_method=PUT":     true,
		"_methods=PUT":        false,
		"method=PUT":          false,
		"a=_method":           false,
		"a=%zz":               false,
		"%zz=1&_method=PUT":   true,
		"%zz=1":               true, // whatever name that is
		"_method=%zz":         true,
		"StartTime%3E=2026-1": false,
	} {
		if got := QueryOverridesMethod(query); got != want {
			t.Errorf("%q: %t", query, got)
		}
	}
}

func TestCanonicalName(t *testing.T) {
	for name, want := range map[string]string{
		"To":                        "To",
		"to":                        "to",
		" To\t":                     "To",
		"To[]":                      "To",
		"To[0]":                     "To",
		"To [a][b]":                 "To",
		"[To]":                      "[To]",
		"MessagingBinding.Address":  "MessagingBinding.Address",
		"MessagingBinding[Address]": "MessagingBinding",
		"":                          "",
		" ":                         "",
		"\u00a0To":                  "To",
	} {
		if got := CanonicalName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
