package keys_test

import (
	"math"
	"regexp"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// Libraries and shells take them as they are, and 62 to the power of 43 is more
// than 2 to the power of 256.
func TestNamesAndSecretsAreAsTheCarriersLibrariesTakeThem(t *testing.T) {
	key, secret := create(t, newFile(t), keys.Key{Account: acme})
	if !regexp.MustCompile(`^SK[0-9a-f]{32}$`).MatchString(key.SID) {
		t.Errorf("the name is %s", key.SID)
	}
	if !regexp.MustCompile(`^[0-9A-Za-z]{43}$`).MatchString(secret) || 43*math.Log2(62) < 256 {
		t.Errorf("a secret of %d characters: %s", len(secret), secret)
	}
}

// A byte modulo 62 would make each of eight characters a quarter more likely: 13
// standard deviations here, of which 7 are let pass.
func TestEveryCharacterOfASecretIsAsLikely(t *testing.T) {
	const secrets = 10_000
	count := make(map[rune]int)
	for range secrets {
		for _, c := range keys.NewSecret() {
			count[c]++
		}
	}
	if len(count) != 62 {
		t.Fatalf("%d characters", len(count))
	}
	mean := float64(secrets) * 43 / 62
	for c, n := range count {
		if math.Abs(float64(n)-mean) > 7*math.Sqrt(mean) {
			t.Errorf("%q is there %d times, expected %.0f", c, n, mean)
		}
	}
}
