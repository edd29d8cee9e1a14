package review_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// document is a policy with one account, and what else is given.
func document(operator, account string) string {
	return `{"default": {"messaging": ["US"]}, ` + operator + ` "accounts": [{"id": "` + acme + `", "label": "Acme"` + account + `}]}`
}

func TestDiff(t *testing.T) {
	account := func(text string) string { return document("", ", "+text) }
	operator := func(text string) string { return document(text+",", "") }
	bare := document("", "")
	opens := func(members string) string { return `"openings": [{"reason": "launch", ` + members + `}]` }
	blockUntil := func(until string) string {
		return operator(`"prefixes": [{"block": "+998", "reason": "pumping"` + until + `}]`)
	}
	for _, c := range []struct {
		says          string
		before, after string
		want          []string // direction, account's first letters, what, text
	}{
		{"nothing changes", bare, bare, nil},
		{"the order of a list changes nothing", account(`"messaging": ["US", "GB"]`), account(`"messaging": ["GB", "US"]`), nil},
		{"a territory opens", account(`"messaging": ["US"]`), account(`"messaging": ["US", "GB"]`), []string{
			"opens AC11 territories messaging: GB United Kingdom"}},
		{"a territory closes", account(`"messaging": ["US", "GB"]`), account(`"messaging": ["US"]`), []string{
			"closes AC11 territories messaging: GB United Kingdom"}},
		{"all open but those that the carrier does not serve", account(`"messaging": []`), account(`"messaging": ["*"]`), []string{
			"opens AC11 territories messaging: 258 territories: "}},
		{"a class opens", account(`"voice": {"low_risk": ["US"]}`), account(`"voice": {"low_risk": ["US"], "high_risk_special": ["US"]}`), []string{
			"opens AC11 territories voice high_risk_special: US United States"}},
		{"what is stated as it was inherited changes nothing", bare, account(`"messaging": ["US"]`), nil},
		{"the default", bare, strings.Replace(bare, `["US"]`, `["US", "CA"]`, 1), []string{
			"opens unna territories messaging: CA Canada", "opens AC11 territories messaging: CA Canada"}},
		{"a sender is narrowed", account(`"messaging": ["US", "GB"]`), account(`"messaging": ["US", "GB"], "senders": {"ACME": {"messaging": ["US"]}}`), []string{
			"closes AC11 territories messaging from sender acme: GB United Kingdom"}},
		{"a sender that is not named for the channel goes with its account",
			account(`"voice": {"low_risk": []}, "senders": {"ACME": {"messaging": ["US"]}}`), account(`"voice": {"low_risk": ["US"]}, "senders": {"ACME": {"messaging": ["US"]}}`), []string{
				"opens AC11 territories voice low_risk: US United States"}},
		{"an account is new", `{"default": {"messaging": ["US"]}}`, account(`"messaging": ["GB"]`), []string{
			"opens AC11 territories messaging: GB United Kingdom", "closes AC11 territories messaging: US United States",
			"changes AC11 account is named now; before, it was treated as any account that is not"}},
		{"an account is gone", account(`"messaging": ["GB"], "monitor": true`), `{"default": {"messaging": ["US"]}}`, []string{
			"opens AC11 territories messaging: US United States", "closes AC11 territories messaging: GB United Kingdom",
			"changes AC11 account is no longer named: it is treated as any account that is not",
			"closes AC11 monitor monitor ends: denials are enforced"}},
		{"an account is suspended", bare, account(`"suspended": true`), []string{
			"closes AC11 territories messaging: US United States", "closes AC11 suspended suspended: neither it nor a subaccount sends anything"}},
		{"a suspension is to end", account(`"suspended": true`), account(`"suspended": {"reason": "unpaid", "until": "2026-12-24"}`), []string{
			`opens AC11 suspended suspended "unpaid" until 2026-12-24 00:00 UTC; before, without reason, without end`}},
		{"a suspension has another reason", account(`"suspended": {"reason": "fraud"}`), account(`"suspended": {"reason": "unpaid"}`), []string{
			`changes AC11 suspended suspended "unpaid"; before, "fraud"`}},
		{"a suspension comes that is over", bare, account(`"suspended": {"until": "2026-11-01"}`), []string{
			`changes AC11 suspended suspended, over since 2026-11-01 00:00 UTC: neither it nor a subaccount sends anything`}},
		{"a suspension that is over is no longer stated", account(`"suspended": {"until": "2026-11-01"}`), bare, []string{
			`changes AC11 suspended no longer suspended`}},
		{"monitor lasts longer", account(`"monitor": {"until": "2026-12-01"}`), account(`"monitor": {"until": "2026-12-24"}`), []string{
			`opens AC11 monitor monitor until 2026-12-24 00:00 UTC; before, until 2026-12-01 00:00 UTC`}},
		{"observe is to end", operator(`"observe": true`), operator(`"observe": {"until": "2026-12-01"}`), []string{
			`closes  observe observe until 2026-12-01 00:00 UTC; before, without end`}},
		{"monitor lets denials through", bare, account(`"monitor": true`), []string{"opens AC11 monitor monitor: most denials are recorded and let through"}},
		{"observe lets denials through", bare, operator(`"observe": true`), []string{"opens  observe observe: nothing is refused any more, only recorded"}},
		{"observe ends", operator(`"observe": true`), bare, []string{"closes  observe observe ends: what was only recorded is refused"}},
		{"national strict", bare, operator(`"national": "strict"`), []string{`closes  national national strict: of a number without "+" every reading must be allowed`}},
		{"national of a country", bare, operator(`"national": "GB"`), []string{`changes  national numbers without "+" of senders whose country is unknown are numbers of GB United Kingdom; before, refused`}},
		{"a block comes", bare, blockUntil(""), []string{`closes  prefix block +998 "pumping"`}},
		{"a block goes", blockUntil(""), bare, []string{`opens  prefix no block +998 "pumping" any more`}},
		{"a block lasts longer", blockUntil(`, "until": "2026-12-01"`), blockUntil(`, "until": "2026-12-24"`), []string{
			`closes  prefix block +998 "pumping" until 2026-12-24 00:00 UTC; before, until 2026-12-01 00:00 UTC`}},
		{"a block ends sooner", blockUntil(""), blockUntil(`, "until": "2026-12-24"`), []string{
			`opens  prefix block +998 "pumping" until 2026-12-24 00:00 UTC; before, without end`}},
		{"a block is renewed after it ended", blockUntil(`, "until": "2026-11-01"`), blockUntil(""), []string{
			`closes  prefix block +998 "pumping"; before, over since 2026-11-01 00:00 UTC`}},
		{"a block comes that is over", bare, blockUntil(`, "until": "2026-11-01"`), []string{
			`changes  prefix block +998 "pumping", over since 2026-11-01 00:00 UTC`}},
		{"of two rules that are alike the one that lasts longer counts",
			operator(`"prefixes": [{"block": "+998", "reason": "pumping", "until": "2026-12-24"}, {"block": "+998", "reason": "b", "until": "2026-12-01"}]`),
			blockUntil(`, "until": "2026-12-24"`), nil},
		{"a rule without end lasts longest",
			operator(`"prefixes": [{"block": "+998", "reason": "a", "until": "2026-12-24"}, {"block": "+998", "reason": "pumping"}, {"block": "+998", "reason": "c", "until": "2026-12-01"}]`),
			blockUntil(""), nil},
		{"a block loses its end", blockUntil(`, "until": "2026-12-01"`), blockUntil(""), []string{
			`closes  prefix block +998 "pumping"; before, until 2026-12-01 00:00 UTC`}},
		{"a rule has another reason", blockUntil(""), strings.Replace(blockUntil(""), "pumping", "fraud", 1), []string{
			`changes  prefix block +998 "fraud"; before, "pumping"`}},
		{"a block begins later", blockUntil(""), blockUntil(`, "from": "2026-12-24"`), []string{
			`opens  prefix block +998 "pumping" from 2026-12-24 00:00 UTC; before, without beginning`}},
		{"a block begins sooner and lasts longer", blockUntil(`, "from": "2026-12-24", "until": "2027-01-01"`), blockUntil(`, "from": "2026-12-01"`), []string{
			`closes  prefix block +998 "pumping" from 2026-12-01 00:00 UTC; before, from 2026-12-24 00:00 UTC, until 2027-01-01 00:00 UTC`}},
		{"a block begins later and lasts longer", blockUntil(`, "until": "2026-12-24"`), blockUntil(`, "from": "2026-12-01"`), []string{
			`changes  prefix block +998 "pumping" from 2026-12-01 00:00 UTC; before, without beginning, until 2026-12-24 00:00 UTC`}},
		{"a beginning that is past is stated", blockUntil(""), blockUntil(`, "from": "2026-11-01"`), []string{
			`changes  prefix block +998 "pumping" from 2026-11-01 00:00 UTC; before, without beginning`}},
		{"a block gets exceptions", blockUntil(""), blockUntil(`, "except": ["+99895", "+99890"]`), []string{
			`opens  prefix block +998 "pumping" except +99890 +99895; before, without exceptions`}},
		{"a block has a wider exception", blockUntil(`, "except": ["+998901"]`), blockUntil(`, "except": ["+99890"]`), []string{
			`opens  prefix block +998 "pumping" except +99890; before, except +998901`}},
		{"an exception is exchanged", blockUntil(`, "except": ["+99890"]`), blockUntil(`, "except": ["+99895"]`), []string{
			`changes  prefix block +998 "pumping" except +99895; before, except +99890`}},
		{"exceptions in another order", blockUntil(`, "except": ["+99890", "+99895"]`), blockUntil(`, "except": ["+99895", "+99890"]`), nil},
		{"a second period of a block comes", blockUntil(`, "until": "2026-12-01"`),
			operator(`"prefixes": [{"block": "+998", "reason": "again", "from": "2026-12-24"}, {"block": "+998", "reason": "pumping", "until": "2026-12-01"}]`), []string{
				`closes  prefix block +998 "again" from 2026-12-24 00:00 UTC`}},
		{"an allow comes for one channel", bare, account(`"prefixes": [{"allow": "+4915", "channel": "voice", "reason": "office"}]`), []string{
			`opens AC11 prefix allow +4915 voice "office"`}},
		{"an allow becomes a block", account(`"prefixes": [{"allow": "+4915", "reason": "office"}]`), account(`"prefixes": [{"block": "+4915", "reason": "office"}]`), []string{
			`closes AC11 prefix no allow +4915 "office" any more`, `closes AC11 prefix block +4915 "office"`}},
		{"a territory is approved", account(`"voice": {"low_risk": ["*"]}`), account(`"voice": {"low_risk": ["*"]}, "approved": [{"territory": "SG", "channel": "voice", "reason": "ticket 812"}]`), []string{
			"opens AC11 territories voice low_risk: SG Singapore", `opens AC11 approved approved SG Singapore voice "ticket 812"`}},
		{"an opening comes", bare, account(opens(`"territory": "DE", "channel": "voice", "ticket": "OPS-812", "until": "2026-12-04"`)), []string{
			"opens AC11 territories voice low_risk: DE Germany", `opens AC11 opening opening DE voice "launch" ticket "OPS-812" until 2026-12-04 00:00 UTC`}},
		{"an opening comes that begins later", bare, account(opens(`"territory": "DE", "from": "2026-11-30", "until": "2026-12-04"`)), []string{
			`opens AC11 opening opening DE "launch" from 2026-11-30 00:00 UTC until 2026-12-04 00:00 UTC`}},
		{"an opening comes that has ended", bare, account(opens(`"territory": "DE", "until": "2026-11-01"`)), []string{
			`changes AC11 opening opening DE "launch" until 2026-11-01 00:00 UTC`}},
		{"an opening goes", account(opens(`"prefix": "+4915", "until": "2026-12-04"`)), bare, []string{
			`closes AC11 opening no opening +4915 "launch" until 2026-12-04 00:00 UTC any more`}},
		{"an opening for an app alone comes", bare, account(opens(`"territory": "DE", "channel": "whatsapp", "until": "2026-12-04"`)), []string{
			"opens AC11 territories whatsapp: DE Germany", `opens AC11 opening opening DE whatsapp "launch" until 2026-12-04 00:00 UTC`}},
		{"an opening ends later", account(opens(`"territory": "DE", "until": "2026-12-04"`)), account(opens(`"territory": "DE", "until": "2026-12-05"`)), []string{
			`opens AC11 opening opening DE "launch" until 2026-12-05 00:00 UTC; before, DE "launch" until 2026-12-04 00:00 UTC`}},
		{"an opening is no longer acknowledged", account(opens(`"territory": "DE", "acknowledge_high_risk": true, "until": "2026-12-04"`)), account(opens(`"territory": "DE", "until": "2026-12-04"`)), []string{
			`closes AC11 opening opening DE "launch" until 2026-12-04 00:00 UTC; before, DE "launch" until 2026-12-04 00:00 UTC, high risk acknowledged`}},
		{"an opening is stated as it was", account(opens(`"territory": "DE", "until": "2026-12-04"`)), account(opens(`"territory": "de", "until": "2026-12-04T00:00:00Z"`)), nil},
		{"a trial verifies another number", account(`"home": "US", "trial": ["+14155550100"]`), account(`"home": "US", "trial": ["+14155550101"]`), []string{
			"opens AC11 verified verified number +14155550101", "closes AC11 verified no longer verified number +14155550100"}},
		{"a trial ends", account(`"home": "US", "trial": []`), account(`"home": "US"`), []string{
			"opens AC11 territories voice low_risk: US United States", "opens AC11 trial no longer on trial"}},
		{"a key comes", bare, account(`"keys": ["` + key + `"]`), []string{"changes AC11 key key " + key + " belongs to it; before, to no account"}},
		{"a key goes", account(`"keys": ["` + key + `"]`), bare, []string{"changes AC11 key key " + key + " belongs to no account any more"}},
		{"a credential comes", bare, account(`"credentials": ["` + client + `"]`), []string{"changes AC11 credential credential " + client + " belongs to it; before, to no account"}},
		{"a credential goes", account(`"credentials": ["` + client + `"]`), bare, []string{"changes AC11 credential credential " + client + " belongs to no account any more"}},
		{"a credential in another letter case is the same", account(`"credentials": ["` + client + `"]`), account(`"credentials": ["` + strings.ToLower(client) + `"]`), nil},
		{"a credential moves", `{"accounts": [{"id": "` + acme + `", "label": "Acme", "credentials": ["` + client + `"]}, {"id": "` + other + `"}]}`,
			`{"accounts": [{"id": "` + acme + `", "label": "Acme"}, {"id": "` + other + `", "credentials": ["` + client + `"]}]}`, []string{
				"changes AC99 credential credential " + client + ` belongs to it; before, to ` + acme + ` "Acme"`}},
		{"a key moves", `{"accounts": [{"id": "` + acme + `", "label": "Acme", "keys": ["` + key + `"]}, {"id": "` + other + `"}]}`,
			`{"accounts": [{"id": "` + acme + `", "label": "Acme"}, {"id": "` + other + `", "keys": ["` + key + `"]}]}`, []string{
				"changes AC99 key key " + key + ` belongs to it; before, to ` + acme + ` "Acme"`}},
		{"a parent changes", `{"accounts": [{"id": "` + acme + `", "messaging": ["US"]}, {"id": "` + other + `"}]}`,
			`{"accounts": [{"id": "` + acme + `", "messaging": ["US"]}, {"id": "` + other + `", "parent": "` + acme + `"}]}`, []string{
				"opens AC99 territories messaging: US United States", "changes AC99 parent parent is " + acme + "; before, none"}},
		{"an account gets a name of its own", `{"accounts": [{"id": "` + acme + `", "label": "Acme", "messaging": ["US"], "keys": ["` + key + `"]}, {"id": "` + other + `", "parent": "` + acme + `"}]}`,
			`{"accounts": [{"id": "` + other + `", "parent": "acme"}, {"id": "acme", "at": {"twilio": "` + acme + `"}, "label": "Acme", "messaging": ["US"], "keys": ["` + key + `"]}]}`, nil},
		{"a name gets another id", `{"accounts": [{"id": "acme", "at": {"twilio": "` + acme + `"}, "monitor": true}]}`, `{"accounts": [{"id": "acme", "at": {"twilio": "` + other + `"}, "monitor": true}]}`, []string{
			"changes AC99 account is named now; before, it was treated as any account that is not", "opens AC99 monitor monitor: most denials are recorded and let through",
			"changes AC11 account is no longer named: it is treated as any account that is not", "closes AC11 monitor monitor ends: denials are enforced"}},
		{"a key moves to an account with a name of its own", `{"accounts": [{"id": "` + acme + `"}, {"id": "acme", "at": {"twilio": "` + other + `"}, "keys": ["` + key + `"]}]}`,
			`{"accounts": [{"id": "` + acme + `", "keys": ["` + key + `"]}, {"id": "acme", "at": {"twilio": "` + other + `"}}]}`, []string{
				"changes AC11 key key " + key + ` belongs to it; before, to acme`}},
		{"a range belongs to another territory", bare, operator(`"ranges": [{"prefix": "+1415", "territory": "CA"}]`), []string{
			"changes  range range +1415 is CA Canada, low_risk; before, what the numbering plan says, number by number"}},
		{"a range that is stated twice the same", operator(`"ranges": [{"prefix": "+1415", "territory": "US"}]`), operator(`"ranges": [{"prefix": "+1415", "territory": "US"}]`), nil},
		{"a list of the carrier's", bare, operator(`"unsupported": {"messaging": ["IR", "SY", "CU", "US"]}`), []string{
			"closes  unsupported messaging: US United States now listed as not served by the carrier",
			"closes unna territories messaging: US United States", "closes AC11 territories messaging: US United States"}},
		{"verifications get a set of their own", account(`"messaging": ["US", "GB"]`), account(`"messaging": ["US", "GB"], "verify": {"messaging": ["US", "IE"]}`), []string{
			"opens AC11 territories verify messaging: IE Ireland", "closes AC11 territories verify messaging: GB United Kingdom"}},
		{"verifications without a set go with all other sends", account(`"messaging": ["US"]`), account(`"messaging": ["US", "GB"]`), []string{
			"opens AC11 territories messaging: GB United Kingdom"}},
		{"the set for verifications stays as all others open", account(`"verify": {"messaging": ["US"]}`), account(`"messaging": ["US", "GB"], "verify": {"messaging": ["US"]}`), []string{
			"opens AC11 territories messaging: GB United Kingdom"}},
		{"the set for verifications goes, and what all others may is more", account(`"voice": {"low_risk": ["US"]}, "verify": {"voice": {"low_risk": []}}`), account(`"voice": {"low_risk": ["US"]}`), []string{
			"opens AC11 territories verify voice low_risk: US United States"}},
		{"the default's set for verifications", bare, strings.Replace(bare, `["US"]`, `["US"], "verify": {"messaging": ["US", "CA"]}`, 1), []string{
			"opens unna territories verify messaging: CA Canada", "opens AC11 territories verify messaging: CA Canada"}},
		{"an account may change more", account(`"control": ["keys"]`), account(`"control": ["accounts", "keys"]`), []string{
			"opens AC11 control control accounts: its requests may change that"}},
		{"an account may change nothing any more", account(`"control": ["keys"]`), bare, []string{"closes AC11 control no control keys any more"}},
		{"the order of groups changes nothing", account(`"control": ["keys", "accounts"]`), account(`"control": ["accounts", "keys"]`), nil},
		{"none may be changed as before", bare, account(`"control": []`), nil},
		{"a child may change what its parent may", `{"accounts": [{"id": "` + acme + `"}, {"id": "` + other + `", "parent": "` + acme + `"}]}`,
			`{"accounts": [{"id": "` + acme + `", "control": ["keys"]}, {"id": "` + other + `", "parent": "` + acme + `"}]}`, []string{
				"opens AC11 control control keys: its requests may change that", "opens AC99 control control keys: its requests may change that"}},
		{"an account denies sends to stored recipients", bare, account(`"stored": "deny"`), []string{
			"closes AC11 stored stored deny: sends that name stored recipients and no number are refused"}},
		{"it allows them again", account(`"stored": "deny"`), account(`"stored": "allow"`), []string{
			"opens AC11 stored stored allow: sends that name stored recipients and no number are let through"}},
		{"what is stated as it is anyway changes nothing", bare, operator(`"stored": "allow", "unscoped_service": "allow", "messaging_special": "allow"`), nil},
		{"the operator denies messages to special numbers", document("", `, "messaging_special": "allow"`), document(`"messaging_special": "deny",`, `, "messaging_special": "allow"`), []string{
			"closes unna messaging_special messaging_special deny: messages to premium and other high-risk numbers are refused"}},
		{"the operator refuses messages to unallocated ranges", document("", `, "unallocated": {"voice": "allow"}`), document(`"unallocated": "deny",`, `, "unallocated": {"voice": "allow"}`), []string{
			"closes unna unallocated unallocated messaging deny: sends to numbers in no known range are refused",
			"closes unna unallocated unallocated voice deny: sends to numbers in no known range are refused",
			"closes AC11 unallocated unallocated messaging deny: sends to numbers in no known range are refused"}},
		{"the operator records them no more", operator(`"unallocated": "monitor"`), operator(`"unallocated": {"voice": "allow"}`), []string{
			"changes unna unallocated unallocated voice allow: sends to numbers in no known range are let through",
			"changes AC11 unallocated unallocated voice allow: sends to numbers in no known range are let through"}},
		{"an account allows them again", document(`"messaging_special": "deny",`, ""), document(`"messaging_special": "deny",`, `, "messaging_special": "allow"`), []string{
			"opens AC11 messaging_special messaging_special allow: messages to premium and other high-risk numbers go where all messages may"}},
		{"a child has what its parent denies", `{"accounts": [{"id": "` + acme + `"}, {"id": "` + other + `", "parent": "` + acme + `"}]}`,
			`{"accounts": [{"id": "` + acme + `", "messaging_special": "deny"}, {"id": "` + other + `", "parent": "` + acme + `"}]}`, []string{
				"closes AC11 messaging_special messaging_special deny: messages to premium and other high-risk numbers are refused",
				"closes AC99 messaging_special messaging_special deny: messages to premium and other high-risk numbers are refused"}},
		{"the operator denies services without a set", account(`"unscoped_service": "allow"`), document(`"unscoped_service": "deny",`, `, "unscoped_service": "allow"`), []string{
			"closes unna unscoped_service unscoped_service deny: messaging services need sets of their own"}},
		{"a service that is named for the other channel only", account(`"senders": {"` + service + `": {"voice": {"low_risk": []}}}`), account(`"senders": {"` + service + `": {"voice": {"low_risk": []}}}, "unscoped_service": "deny"`), []string{
			"closes AC11 territories messaging from sender MG33333333333333333333333333333333: US United States",
			"closes AC11 unscoped_service unscoped_service deny: messaging services need sets of their own"}},
		{"an account's URLs are restricted", bare, account(`"url_hosts": ["hooks.example", "*.apps.example"]`), []string{
			"closes AC11 url_hosts url_hosts: URLs lead to *.apps.example, hooks.example alone; before, to any host"}},
		{"they are no longer", account(`"url_hosts": []`), account(`"url_hosts": ["*"]`), []string{
			"opens AC11 url_hosts url_hosts: URLs lead to any host; before, to no host"}},
		{"a host comes and another goes", account(`"url_hosts": ["a.example", "b.example"]`), account(`"url_hosts": ["B.Example", "c.example"]`), []string{
			"opens AC11 url_hosts url_hosts: URLs lead to c.example as well", "closes AC11 url_hosts url_hosts: URLs no longer lead to a.example"}},
		{"any host, said in so words, is any host", bare, account(`"url_hosts": ["*"]`), nil},
		{"the operator restricts URLs", bare, operator(`"url_hosts": ["a.example"]`), []string{
			"closes unna url_hosts url_hosts: URLs lead to a.example alone; before, to any host",
			"closes AC11 url_hosts url_hosts: URLs lead to a.example alone; before, to any host"}},
		{"a child has its parent's hosts", `{"accounts": [{"id": "` + acme + `"}, {"id": "` + other + `", "parent": "` + acme + `"}]}`,
			`{"accounts": [{"id": "` + acme + `", "url_hosts": []}, {"id": "` + other + `", "parent": "` + acme + `"}]}`, []string{
				"closes AC11 url_hosts url_hosts: URLs lead to no host; before, to any host",
				"closes AC99 url_hosts url_hosts: URLs lead to no host; before, to any host"}},
		{"the list by request", bare, operator(`"by_request": {"voice": []}`), []string{
			"opens  by_request voice: SG Singapore, SL Sierra Leone, SO Somalia, TW Taiwan no longer listed as opened by the carrier on request only"}},
	} {
		t.Run(c.says, func(t *testing.T) {
			d := review.Diff(stated(t, "a", c.before), stated(t, "b", c.after), night)
			var got []string
			for _, change := range d.Changes {
				got = append(got, fmt.Sprintf("%s %.4s %s %s", change.Direction, change.Account, change.What, change.Text))
			}
			if len(got) != len(c.want) {
				t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			for i, want := range c.want {
				// A list that is too long is cut.
				if got[i] != want && !(strings.HasSuffix(want, ": ") && strings.HasPrefix(got[i], want)) {
					t.Errorf("got  %s\nwant %s", got[i], want)
				}
			}
		})
	}
}

const later = `{
	"default": {"messaging": ["US"]},
	"prefixes": [{"block": "+99899394", "reason": "pumping, incident 4711", "until": "2026-12-24"}],
	"ranges": [{"prefix": "+1924", "territory": "US"}],
	"accounts": [
		{"id": "` + acme + `", "label": "Acme", "messaging": ["US", "CA", "GB", "IE", "FR", "DE", "ES"], "voice": {"low_risk": ["*"]},
			"senders": {"+14155550100": {"messaging": ["US", "GB"]}}, "monitor": true},
		{"id": "` + brazil + `", "label": "Acme Brazil", "parent": "` + acme + `", "voice": {"low_risk": ["BR"]}},
		{"id": "` + trial + `", "home": "DE", "trial": ["+4915112345678"], "keys": ["` + key + `"]}
	]
}`

func TestWriteDifference(t *testing.T) {
	before, after := stated(t, "d7b3deee4e0a", nightPolicy), stated(t, "91ab02c4d5e6", later)
	for says, d := range map[string]review.Difference{
		"no difference":         review.Diff(before, before, night),
		"one policy to another": review.Diff(before, after, night),
		"and back":              review.Diff(after, before, night),
		"only what closes":      review.Diff(before, after, night).Only(review.Closes),
		"nothing closes":        review.Diff(crowd(t, "US"), crowd(t, "US CA"), night).Only(review.Closes),
		"nothing opens of one":  review.Diff(stated(t, "a", document("", `, "voice": {"low_risk": ["US"]}`)), stated(t, "b", document("", "")), night).Only(review.Opens),
		"only of no difference": review.Diff(before, before, night).Only(review.Closes),
		"many accounts":         review.Diff(crowd(t, "US"), crowd(t, "US CA"), night),
	} {
		t.Run(says, func(t *testing.T) {
			golden(t, "diff "+says, text(t, func(w io.Writer) error { return review.WriteDifference(w, d) }))
		})
	}
}

func TestDifferencesAsJSON(t *testing.T) {
	got, err := json.Marshal(review.Diff(stated(t, "a", document("", "")), stated(t, "b", document("", `, "voice": {"low_risk": ["US"]}`)), night))
	const want = `{"from":"a","to":"b","at":"2026-11-22T03:12:00Z","changes":[` +
		`{"direction":"opens","carrier":"twilio","account":"AC11111111111111111111111111111111","label":"Acme","channel":"voice","class":"low_risk",` +
		`"territories":["US"],"what":"territories","text":"voice low_risk: US United States"}]}`
	if err != nil || string(got) != want {
		t.Errorf("got\n%s, %v\nwant\n%s", got, err, want)
	}
}

// crowd is a policy of ten thousand accounts that inherit the default.
func crowd(t testing.TB, codes string) review.Side {
	grant := policy.Grant{Set: policy.SetOf(territories(t, codes)...)}
	d := policy.Definition{Revision: codes, Default: &policy.Permissions{Messaging: &grant}}
	for i := range 10_000 {
		d.Accounts = append(d.Accounts, policy.Account{ID: fmt.Sprintf("AC%032x", i)})
	}
	return compile(t, config.Compiled{Definition: d})
}

// unrelated is a policy of ten thousand accounts that have nothing in common.
func unrelated(t testing.TB, shift int) review.Side {
	var all []numbering.Territory
	for territory := range numbering.AllTerritories() {
		all = append(all, territory)
	}
	var d policy.Definition
	for i := range 10_000 {
		grant := policy.Grant{Set: policy.SetOf(all[i%len(all)], all[i/len(all)%len(all)], all[(i+shift)%len(all)])}
		d.Accounts = append(d.Accounts, policy.Account{ID: fmt.Sprintf("AC%032x", i), Permissions: policy.Permissions{Messaging: &grant}})
	}
	return compile(t, config.Compiled{Definition: d})
}

func TestADiffStopsWhenItsContextEnds(t *testing.T) {
	before, after := crowd(t, "US"), crowd(t, "US CA")
	ended, end := context.WithCancel(t.Context())
	end()
	if d, err := review.DiffContext(ended, before, after, night); !errors.Is(err, context.Canceled) || d.Changes != nil {
		t.Errorf("got %d changes and %v", len(d.Changes), err)
	}
	if d, err := review.DiffContext(t.Context(), before, after, night); err != nil || d.Count(review.Opens) != 10_001 || d.Count(review.Closes) != 0 {
		t.Errorf("in time: %d open, %d close, %v", d.Count(review.Opens), d.Count(review.Closes), err)
	}
}

func BenchmarkDiff(b *testing.B) {
	for _, c := range []struct {
		name          string
		before, after review.Side
	}{
		{"10,000 accounts, nothing changes", unrelated(b, 7), unrelated(b, 7)},
		{"10,000 accounts, the default changes", crowd(b, "US"), crowd(b, "US CA")},
		{"10,000 accounts, each changes in its own way", unrelated(b, 7), unrelated(b, 8)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				review.Diff(c.before, c.after, time.Now())
			}
		})
	}
}
