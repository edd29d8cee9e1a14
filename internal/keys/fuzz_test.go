package keys_test

import (
	"reflect"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/keys"
)

// FuzzParse looks for files that cannot be written again, or that are read back as
// something else: what a command would do to all keys when it adds one.
func FuzzParse(f *testing.F) {
	f.Add([]byte(withMembers("")))
	f.Add([]byte(withMembers(`"channels": [], "operations": ["messages.*"], "senders": ["whatsapp:+14155550100"]`)))
	f.Add([]byte(twoKeys("SK22222222222222222222222222222221", "SK22222222222222222222222222222222")))
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := keys.Parse("keys.json", text, carriers)
		if err != nil {
			if set != nil {
				t.Error("a mistake, and keys")
			}
			return
		}
		written, err := keys.Write(set)
		if err != nil {
			t.Fatal(err)
		}
		again, err := keys.Parse("keys.json", written, carriers)
		if err != nil || !reflect.DeepEqual(again, set) {
			t.Errorf("wrote\n%s\nread %v", written, err)
		}
		for key := range set.All() {
			if _, refusal := set.Verify(key.SID, "", now); refusal != keys.WrongSecret {
				t.Errorf("without a secret, %s is %q", key.SID, refusal)
			}
		}
	})
}
