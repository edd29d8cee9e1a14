package keys_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/policy"
)

func TestADocumentOfAKeyIsReadAsItWasWritten(t *testing.T) {
	for _, stated := range []keys.Key{
		{},
		{Name: "billing", Channels: []policy.Channel{policy.Voice}, Operations: []string{"messages.*"}, Senders: []string{"+14155550100"}, Expires: now.Add(time.Hour)},
		{Channels: []policy.Channel{}, Operations: []string{}, Senders: []string{}},
	} {
		stated.Account = "AC11111111111111111111111111111111"
		key, secret, err := keys.New(carriers, stated, now)
		if err != nil {
			t.Fatal(err)
		}
		text, err := key.WithRevocation(now).Document()
		if err != nil || strings.Contains(string(text), secret) {
			t.Fatalf("%s, %v", text, err)
		}
		again, err := keys.ParseKey(text, carriers)
		if err != nil || !reflect.DeepEqual(again, key.WithRevocation(now)) || !key.Revoked.IsZero() {
			t.Errorf("wrote %s, read %+v, %v", text, again, err)
		}
	}
}

func TestTwoSetsAreOneOfWhichTheFirstCounts(t *testing.T) {
	make := func(name string) (*keys.Key, string) {
		key, secret, err := keys.New(carriers, keys.Key{Account: "AC11111111111111111111111111111111", Name: name}, now)
		if err != nil {
			t.Fatal(err)
		}
		return key, secret
	}
	ofFile, fileSecret := make("file")
	ofStore, storeSecret := make("store")
	copied := *ofFile
	copied.Name = "a copy"
	file := keys.NewSet([]*keys.Key{ofFile})
	both := file.With(keys.NewSet([]*keys.Key{copied.WithRevocation(now), ofStore}))
	if both.Len() != 2 || file.Len() != 1 {
		t.Fatalf("%d keys of both, %d of the first", both.Len(), file.Len())
	}
	if key, refusal := both.Verify(ofFile.SID, fileSecret, now); key != ofFile {
		t.Errorf("that of the first: %+v, %s", key, refusal)
	}
	if key, refusal := both.Verify(ofStore.SID, storeSecret, now); key != ofStore {
		t.Errorf("that of the second: %+v, %s", key, refusal)
	}
}
