package config

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestADocumentIsWrittenAccountByAccountAsAWhole(t *testing.T) {
	for name, d := range map[string]Document{
		"empty":                {},
		"without accounts":     {Stored: "deny", Accounts: []Account{}},
		"one account":          {National: "GB", Accounts: []Account{{ID: "a"}}},
		"accounts and members": {Stored: "deny", Accounts: []Account{{ID: "a<b>", Keys: []string{"k"}}, {}, {ID: "c", Senders: Senders{"x": {}}}}},
	} {
		var whole, written bytes.Buffer
		if err := json.NewEncoder(&whole).Encode(&d); err != nil {
			t.Fatal(err)
		}
		if err := WriteJSON(&written, &d); err != nil || written.String() != whole.String() {
			t.Errorf("%s: %s, %v, want %s", name, written.String(), err, whole.String())
		}
	}
}
