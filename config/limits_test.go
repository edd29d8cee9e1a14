package config_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// limitsOf are the limits of a policy in words, by their names.
func limitsOf(list []policy.Limit) map[string]string {
	words := map[string]string{}
	for i := range list {
		words[list[i].Name] = list[i].String()
		if list[i].Monitor {
			words[list[i].Name] += " monitor"
		}
		if list[i].HoldFor > 0 {
			words[list[i].Name] += " for " + list[i].HoldFor.String()
		}
	}
	return words
}

func TestTheShippedLimitsAreBesideThoseOfOtherNames(t *testing.T) {
	const block = `{"name": "block", "amount": "3/1m", "per": ["account"]}`
	for _, c := range []struct {
		name, operator, account string
		want                    map[string]string // of the account where it states any
		count                   int
	}{
		{"alone", `[{"name": "default"}]`, "", map[string]string{"block": "20 sends within 1h per account, block:3"}, 5},
		{"only recorded", `[{"name": "default", "action": "monitor"}]`, "", map[string]string{"number": "5 sends within 10m per account, number monitor"}, 5},
		{"held", `[{"name": "default", "for": "15m"}]`, "", map[string]string{"range": "50 sends of verify within 1d per account, block:5 for 15m0s"}, 5},
		{"held, of an account", `[]`, `[{"name": "default", "action": "deny", "for": "1h"}]`, map[string]string{"block": "20 sends within 1h per account, block:3 for 1h0m0s"}, 5},
		{"one stated before", `[` + block + `, {"name": "default"}]`, "", map[string]string{"block": "3 sends within 1m per account"}, 5},
		{"one stated behind", `[{"name": "default"}, ` + block + `]`, "", map[string]string{"block": "3 sends within 1m per account", "range": "50 sends of verify within 1d per account, block:5"}, 5},
		{"of an account", `[]`, `[{"name": "default"}, ` + block + `]`, map[string]string{"block": "3 sends within 1m per account"}, 5},
		{"without it", `[` + block + `]`, "", map[string]string{"block": "3 sends within 1m per account"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := `{"limits": ` + c.operator + `, "accounts": [{"id": "` + acme + `"`
			if c.account != "" {
				text += `, "limits": ` + c.account
			}
			compiled, err := config.Compile(carriers, config.Source{Document: parse(t, text+"}]}")})
			if err != nil {
				t.Fatal(err)
			}
			list := compiled.Definition.Limits
			if c.account != "" {
				list = compiled.Definition.Accounts[0].Limits
			}
			got := limitsOf(list)
			for name, want := range c.want {
				if got[name] != want {
					t.Errorf("%s is %q, want %q", name, got[name], want)
				}
			}
			if len(list) != c.count {
				t.Errorf("there are %d: %v", len(list), got)
			}
		})
	}
}

func TestALimitThatCannotBeMeantSaysWhy(t *testing.T) {
	for text, want := range map[string]string{
		`{"name": "x", "per": ["account"]}`:                                                                    `limits[0].amount: "" is not an amount and a window`,
		`{"name": "x", "amount": "25", "per": ["account"]}`:                                                    `"25" is not an amount and a window from 1s to 31d`,
		`{"name": "x", "amount": "0/1h", "per": ["account"]}`:                                                  `"0/1h" is not an amount and a window`,
		`{"name": "x", "amount": "1/32d", "per": ["account"]}`:                                                 `"1/32d" is not an amount and a window from 1s to 31d`,
		`{"name": "x", "amount": "1/100ms", "per": ["account"]}`:                                               `from 1s to 31d`,
		`{"name": "x", "amount": "1/1h"}`:                                                                      `a limit needs dimensions`,
		`{"name": "x", "amount": "1/1h", "per": ["acount"]}`:                                                   `limits[0].per[0]: "acount" is not a dimension, did you mean "account"?`,
		`{"name": "x", "amount": "1/1h", "per": ["block"]}`:                                                    `"block" is not a dimension: write the number of digits, from 1 to 15, such as "block:3"`,
		`{"name": "x", "amount": "1/1h", "per": ["number:3"]}`:                                                 `write "number" alone`,
		`{"name": "x", "amount": "1/1h", "per": ["account", "account"]}`:                                       `account is already specified`,
		`{"name": "x", "amount": "1/1h", "of": "number", "per": ["account"]}`:                                  `unknown measure "number", did you mean "numbers"?`,
		`{"name": "x", "amount": "1/1h", "of": "numbers", "per": ["number"]}`:                                  `different numbers per number are always one`,
		`{"name": "x", "channel": "whatsapp", "amount": "1/1h", "per": ["account"]}`:                           `unknown kind of sends "whatsapp": must be one of messaging, voice, verify`,
		`{"name": "x", "amount": "1/1h", "per": ["account"], "action": "allow"}`:                               `unknown action "allow"`,
		`{"name": "x", "amount": "1/week", "per": ["account"]}`:                                                `write, for example, "25/1h30m", "25/7d" or "1000/day"`,
		`{"name": "x", "amount": "1/day", "per": ["account"], "zone": "Europe/Belrin"}`:                        `limits[0].zone: "Europe/Belrin" is not a time zone`,
		`{"name": "x", "amount": "1/day", "per": ["account"], "zone": "Local"}`:                                `"Local" is not a time zone`,
		`{"name": "x", "amount": "1/1h", "per": ["account"], "zone": "UTC"}`:                                   `limits[0].zone: a window that slides has no time zone`,
		`{"name": "x", "amount": "1/1h", "per": ["header"]}`:                                                   `limits[0].per[0]: "header" is not a dimension: write the name of a header, such as "header:X-User-Id"`,
		`{"name": "x", "amount": "1/1h", "per": ["header:X User"]}`:                                            `"header:X User" is not a dimension: write the name of a header`,
		`{"name": "x", "amount": "1/1h", "per": ["header:authorization"]}`:                                     `"header:authorization" is not a dimension: Authorization is not an id of a user`,
		`{"name": "x", "amount": "1/1h", "per": ["header:TE"]}`:                                                `Te is not an id of a user`,
		`{"name": "x", "amount": "1/1h", "per": ["header:X-User", "header:x-user"]}`:                           `header:X-User is already specified`,
		`{"name": "x", "hours": "8-21", "zone": "UTC"}`:                                                        `limits[0].hours: "8-21" is not hours of a day: write, for example, "08:00-21:00"`,
		`{"name": "x", "hours": "8:00-21:00", "zone": "UTC"}`:                                                  `"8:00-21:00" is not hours of a day`,
		`{"name": "x", "hours": "08:00-24:01", "zone": "UTC"}`:                                                 `"08:00-24:01" is not hours of a day`,
		`{"name": "x", "hours": "08:00-08:00", "zone": "UTC"}`:                                                 `"08:00-08:00" is not hours of a day`,
		`{"name": "x", "hours": "00:00-24:00", "zone": "UTC"}`:                                                 `"00:00-24:00" is not hours of a day`,
		`{"name": "x", "hours": "08:00-21:00"}`:                                                                `hours need a time zone: write "destination"`,
		`{"name": "x", "hours": "08:00-21:00", "zone": "Berlin"}`:                                              `"Berlin" is not a time zone`,
		`{"name": "x", "hours": "08:00-21:00", "zone": "UTC", "per": ["account"]}`:                             `a limit of hours has no amount`,
		`{"name": "x", "amount": "1/day", "per": ["account"], "zone": "destination"}`:                          `"destination" is not a time zone`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "warn": "10"}`:                                    `limits[0].warn: "10" is not a part of the amount: write a number up to 9`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "warn": "0"}`:                                     `"0" is not a part of the amount`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "at": ["80%"]}`:                                   `limits[0].at: only a limit that notifies has steps`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "action": "notify", "at": ["80"]}`:                `limits[0].at[0]: "80" is not a step: write how much of the amount, from 1% to 1000%, such as "80%"`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "action": "notify", "at": ["0%"]}`:                `"0%" is not a step`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "action": "notify", "at": ["1001%"]}`:             `"1001%" is not a step`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "action": "notify", "at": ["80%", "80%"]}`:        `limits[0].at[1]: 80% is already specified`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "action": "notify", "at": ["80%", "50%"]}`:        `50% is behind 80%: write the least first`,
		`{"name": "x", "amount": "4294967295/1h", "per": ["account"], "action": "notify", "at": ["101%"]}`:     `101% of the amount is more than a limit counts, which is 4294967295`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "action": "notify", "for": "15m"}`:                `what is only recorded holds nothing`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "action": "notify", "warn": "5"}`:                 `a limit that notifies neither warns nor grows`,
		`{"name": "x", "amount": "9", "of": "calls", "per": ["account"], "action": "notify"}`:                  `neither warns, notifies, holds nor grows`,
		`{"name": "x", "hours": "08:00-21:00", "zone": "UTC", "action": "notify"}`:                             `a limit of hours has no amount`,
		`{"name": "default", "action": "notify"}`:                                                              `the limits that are shipped deny or monitor`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "for": "soon"}`:                                   `limits[0].for: "soon" is not a duration from 1s to 31d`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "for": "32d"}`:                                    `"32d" is not a duration from 1s to 31d`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "action": "monitor", "for": "15m"}`:               `what is only recorded holds nothing`,
		`{"name": "default", "action": "monitor", "for": "15m"}`:                                               `what is only recorded holds nothing`,
		`{"name": "default", "warn": "5"}`:                                                                     `default is the name of the limits that are shipped`,
		`{"name": "a b", "amount": "1/1h", "per": ["account"]}`:                                                `a limit needs a name`,
		`{"name": "default", "amount": "1/1h", "per": ["account"]}`:                                            `default is the name of the limits that are shipped`,
		`{"name": "x", "amount": "1/1h", "per": ["account"]}, {"name": "x", "amount": "2/1h", "per": ["key"]}`: `limits[1]: limit x is already specified`,

		`{"name": "x", "amount": "9/30s", "per": ["account"], "action": "notify"}`:                                                  `limits[0].amount: what a limit notifies of is told once a window, and 30s is too short for that: write 1m or more`,
		`{"name": "x", "amount": "9/1h", "per": ["account"], "action": "notify", "at": [` + strings.Repeat(`"1%", `, 20) + `"2%"]}`: `limits[0].at: 21 steps are too many: leave out all but 20`,
	} {
		_, err := config.Compile(carriers, config.Source{Document: parse(t, `{"limits": [`+text+`]}`)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
