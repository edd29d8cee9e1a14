package keys_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/keys"
)

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAFileWithAMistakeIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ says, text, want string }{
		{"nothing", ``, `keys.json:1:1: reading JSON: the document ends too soon`},
		{"half a file", withMembers("")[:60], `ends too soon`},
		{"no object", `[]`, `keys.json:1:1: the document: must be an object`},
		{"something behind it", `{"version": 1} {}`, `there is more after the document`},
		{"no version", `{"keys": []}`, `must state "version": 1`},
		{"another version", "{\n\"version\": 2}", `keys.json:2:12: must state "version": 1: this program reads no other version`},
		{"an unknown member of the file", `{"version": 1, "key": []}`, `keys.json:1:16: the document: unknown member "key", did you mean "keys"?`},
		{"an unknown member of a key", withMembers(`"sender": ["x"]`), `unknown member "sender", did you mean "senders"?`},
		{"a member in capitals", withMembers(`"Revoked": "2026-11-22T00:00:00Z"`), `unknown member "Revoked", did you mean "revoked"?`},
		{"a member twice", withMembers(`"expires": "2026-11-22T00:00:00Z", "expires": "2027-11-22T00:00:00Z"`), `keys[0].expires: already specified in line 1`},
		{"null in place of a limit", withMembers(`"channels": null`), `keys[0].channels: null states nothing`},
		{"a text in place of a list", withMembers(`"senders": "+14155550100"`), `keys[0].senders: must be a list`},
		{"a channel that is none", withMembers(`"channels": ["messaging", "sms"]`), `keys[0].channels[1]: a channel is one of messaging, voice, whatsapp, rcs`},
		{"an operation that is none", withMembers(`"operations": ["POST /Messages"]`), `keys[0].operations[0]: an operation is written like "messages.create"`},
		{"a pattern in the middle", withMembers(`"operations": ["*.create"]`), `keys[0].operations[0]`},
		{"a pattern for everything", withMembers(`"operations": ["*"]`), `keys[0].operations[0]`},
		{"a service with a digit missing", withMembers(`"senders": ["MG3333333333333333333333333333333"]`), `keys[0].senders[0]: a sender is`},
		{"an empty sender", withMembers(`"senders": [""]`), `keys[0].senders[0]: a sender is`},
		{"a name that hides something", withMembers(`"name": "a\u202eb"`), `keys[0].name: must be 100 characters at most, all of which can be seen`},
		{"a long name", withMembers(`"name": "` + strings.Repeat("x", 101) + `"`), `keys[0].name: must be 100`},
		{"a date without a time", withMembers(`"expires": "2026-12-01"`), `keys[0].expires: must be a time such as "2026-12-01T18:00:00Z"`},
		{"a time that would be written as none", withMembers(`"revoked": "0001-01-01T00:00:00Z"`), `keys[0].revoked: must be a time`},
		{"nearly that", withMembers(`"revoked": "0001-01-01T00:00:00.5Z"`), `keys[0].revoked: must be a time`},
		{"a time that cannot be written", withMembers(`"expires": "9999-12-31T23:59:59-01:00"`), `keys[0].expires: must be a time`},
		{"an empty time", withMembers(`"revoked": ""`), `keys[0].revoked: an empty text states nothing`},
		{"the account of a key", strings.Replace(withMembers(""), acme, "SK11111111111111111111111111111111", 1), `keys.json:1:82: keys[0].account: must be AC and 32 hexadecimal digits`},
		{"a short name of a key", strings.Replace(withMembers(""), "SK2222", "SK222", 1), `keys[0].sid: must be SK and 32 hexadecimal digits`},
		{"a short hash", strings.Replace(withMembers(""), "abab", "ab", 1), `keys[0].sha256: must be the SHA-256 of the secret, 64 hexadecimal digits`},
		{"a long hash", strings.Replace(withMembers(""), "abab", "ababab", 1), `keys[0].sha256`},
		{"a hash of half a digit more", strings.Replace(withMembers(""), "abab", "ababa", 1), `keys[0].sha256`},
		{"no hash", strings.Replace(withMembers(""), strings.Repeat("ab", 32), "zz", 1), `keys[0].sha256`},
		{"no time of creation", strings.Replace(withMembers(""), `, "created": "2026-11-01T00:00:00Z"`, "", 1), `keys[0].created: must be a time`},
		{"a name twice, in two spellings", twoKeys("SK2222222222222222222222222222222a", "SK2222222222222222222222222222222A"), "keys.json:3:"},
	} {
		_, err := keys.Parse("keys.json", []byte(c.text), carriers)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", c.says, err, c.want)
		}
	}
}

func TestAnOperationThatDoesNotExistIsWarnedOfWithItsPlace(t *testing.T) {
	for _, c := range []struct{ says, members, want string }{
		{"a letter that is missing", `"operations": ["read", "message.create"]`, `keys[0].operations[1]: allows nothing: unknown operation, did you mean "messages.create"?`},
		{"a family that is mistyped", `"operations": ["mesages.*"]`, `did you mean "messages.*"?`},
		{"a family without its star", `"operations": ["messages"]`, `did you mean "messages.*"?`},
		{"a verb that the table lacks", `"operations": ["calls.delete"]`, `did you mean "calls.create"?`},
		{"nothing near", `"operations": ["everything_at_all.do"]`, `unknown operation: "tollgate key operations" lists them`},
		{"a name of three parts, mistyped", `"operations": ["conversations.action.create"]`, `did you mean "conversations.actions.create"?`},
		{"a name of three parts", `"operations": ["conversations.actions.create", "conversations.*", "conversations.actions.*"]`, ""},
		{"names and a family", `"operations": ["read", "messages.*", "calls.create"]`, ""},
		{"no operations", `"operations": []`, ""},
		{"all operations", "", ""},
		{"a revoked key", `"operations": ["message.create"], "revoked": "2026-11-22T00:00:00Z"`, ""},
	} {
		set, err := keys.Parse("keys.json", []byte(withMembers(c.members)), carriers)
		if err != nil {
			t.Errorf("%s: %v", c.says, err)
			continue
		}
		got := strings.Join(set.Warnings(), "\n")
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") || got != "" && !strings.HasPrefix(got, "keys.json:1:") {
			t.Errorf("%s:\ngot  %s\nwant %s", c.says, got, c.want)
		}
	}
}

func twoKeys(first, second string) string {
	key := func(sid string) string {
		return `{"sid": "` + sid + `", "account": "` + acme + `", "sha256": "` + strings.Repeat("ab", 32) + `", "created": "2026-11-01T00:00:00Z"}`
	}
	return "{\"version\": 1, \"keys\": [\n" + key(first) + ",\n" + key(second) + "]}"
}

func TestAllMistakesOfAFileAreNamedAtOnce(t *testing.T) {
	_, err := keys.Parse("keys.json", []byte(withMembers(`"channels": ["sms"], "expires": "soon", "senders": [""]`)), carriers)
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v", err)
	}
	many := `"operations": [` + strings.Repeat(`"!",`, 1000) + `"!"]`
	if _, err = keys.Parse("keys.json", []byte(withMembers(many)), carriers); err == nil || strings.Count(err.Error(), "\n") != 49 {
		t.Errorf("of a thousand, %d are named", strings.Count(err.Error(), "\n")+1)
	}
}

// An operator may paste a secret where it does not belong. The error goes to a log.
func TestAMistakeDoesNotRepeatTheValue(t *testing.T) {
	const secret = "aVerySecretSecretThatIsMuchTooLongForAName1"
	for _, member := range []string{"sid", "account", "sha256", "name", "created", "expires", "revoked"} {
		text := strings.Replace(withMembers(""), "}]", `, "`+member+`": "`+strings.Repeat(secret, 3)+`"}]`, 1)
		text = replaceFirstOf(text, member)
		_, err := keys.Parse("keys.json", []byte(text), carriers)
		if err == nil || !strings.Contains(err.Error(), "keys[0]."+member) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", member, err)
		}
	}
	for _, member := range []string{"channels", "operations"} {
		_, err := keys.Parse("keys.json", []byte(withMembers(`"`+member+`": ["`+secret+`"]`)), carriers)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", member, err)
		}
	}
}

// replaceFirstOf takes out the first of two members of a name.
func replaceFirstOf(text, member string) string {
	begin := strings.Index(text, `"`+member+`": "`)
	if begin == strings.LastIndex(text, `"`+member+`": "`) {
		return text
	}
	end := begin + strings.Index(text[begin:], `", `) + len(`", `)
	return text[:begin] + text[end:]
}

func TestWhatIsReadIsWrittenTheSame(t *testing.T) {
	for says, members := range map[string]string{
		"no limits":    ``,
		"all limits":   `"name": "Billing <&> \"EU\"", "channels": ["voice", "messaging"], "operations": ["read", "messages.*"], "senders": ["+14155550100", "Acme"], "expires": "2027-01-01T00:00:00Z", "revoked": "2026-11-22T00:00:00Z"`,
		"empty limits": `"channels": [], "operations": [], "senders": []`,
	} {
		set, err := keys.Parse("keys.json", []byte(withMembers(members)), carriers)
		if err != nil {
			t.Fatal(err)
		}
		text, err := keys.Write(set)
		if err != nil {
			t.Fatal(err)
		}
		again, err := keys.Parse("keys.json", text, carriers)
		if err != nil || !reflect.DeepEqual(again, set) {
			t.Errorf("%s: wrote %s\n%v", says, text, err)
		}
	}
}
