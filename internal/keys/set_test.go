package keys_test

import (
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/keys"
)

func TestAKeyIsItsNameAndItsSecret(t *testing.T) {
	file := newFile(t)
	key, secret := create(t, file, keys.Key{Account: acme})
	second, secondSecret := create(t, file, keys.Key{Account: acme})
	expired, expiredSecret := create(t, file, keys.Key{Account: acme, Expires: now.Add(60e9)})
	revoked, revokedSecret := create(t, file, keys.Key{Account: acme})
	if _, err := keys.Revoke(file, carriers, now, revoked.SID); err != nil {
		t.Fatal(err)
	}
	later, set := now.Add(60e9), read(t, file)
	for _, c := range []struct {
		says, sid, secret string
		want              keys.Refusal
	}{
		{"its own", key.SID, secret, keys.Accepted},
		{"another of the account at the same time", second.SID, secondSecret, keys.Accepted},
		{"the secret of another", key.SID, secondSecret, keys.WrongSecret},
		{"no secret", key.SID, "", keys.WrongSecret},
		{"the beginning of its secret", key.SID, secret[:42], keys.WrongSecret},
		{"its secret and more", key.SID, secret + "x", keys.WrongSecret},
		{"its secret and a zero byte", key.SID, secret + "\x00", keys.WrongSecret},
		{"its secret in another case", key.SID, swapCase(secret), keys.WrongSecret},
		{"a secret without end", key.SID, strings.Repeat("x", 1<<20), keys.WrongSecret},
		{"no name", "", secret, keys.Unknown},
		{"a name in another case", strings.ToUpper(key.SID) + "", secret, keys.Unknown},
		{"a name that no key has", "SK00000000000000000000000000000000", secret, keys.Unknown},
		{"one that expires", expired.SID, expiredSecret, keys.Expired},
		{"one that expires and a wrong secret", expired.SID, secret, keys.WrongSecret},
		{"one that was revoked", revoked.SID, revokedSecret, keys.Revoked},
		{"one that was revoked and a wrong secret", revoked.SID, secret, keys.WrongSecret},
	} {
		got, refusal := set.Verify(c.sid, c.secret, later)
		if refusal != c.want || (got != nil) != (c.want == keys.Accepted) || got != nil && got.SID != c.sid {
			t.Errorf("%s: %q, %v", c.says, refusal, got)
		}
	}
	if got, refusal := set.Verify(expired.SID, expiredSecret, now); got == nil {
		t.Errorf("before it expires: %q", refusal)
	}
}

func swapCase(text string) string {
	if upper := strings.ToUpper(text); upper != text {
		return upper
	}
	return strings.ToLower(text)
}

// Every request is verified: the garbage collector should not know of it.
func TestVerifyingAllocatesNothing(t *testing.T) {
	file := newFile(t)
	key, secret := create(t, file, keys.Key{Account: acme})
	set := read(t, file)
	for says, presented := range map[string][2]string{
		"a key":          {key.SID, secret},
		"a wrong secret": {key.SID, strings.Repeat("x", 43)},
		"a long secret":  {key.SID, strings.Repeat("x", 4300)},
		"an unknown key": {"SK00000000000000000000000000000000", secret},
	} {
		if n := testing.AllocsPerRun(100, func() { set.Verify(presented[0], presented[1], now) }); n != 0 {
			t.Errorf("%s: %v allocations", says, n)
		}
	}
}

// The three take the same time, within the noise: a client that tries names learns
// nothing by a clock.
func BenchmarkVerify(b *testing.B) {
	file := newFile(b)
	var key *keys.Key
	var secret string
	for range 100 {
		key, secret = create(b, file, keys.Key{Account: acme})
	}
	set := read(b, file)
	for _, c := range []struct {
		name, sid, secret string
		want              keys.Refusal
	}{
		{"key", key.SID, secret, keys.Accepted},
		{"wrong_secret", key.SID, strings.Repeat("x", 43), keys.WrongSecret},
		{"unknown_key", "SK00000000000000000000000000000000", secret, keys.Unknown},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, refusal := set.Verify(c.sid, c.secret, now); refusal != c.want {
					b.Fatal(refusal)
				}
			}
		})
	}
}
