package policy

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"
)

// cacheLine is the size of a line of the processor's cache on usual machines, in bytes.
const cacheLine = 64

func TestAccountIsTwoCacheLines(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 8 {
		t.Skip("the sizes are those of 64-bit machines")
	}
	var a account
	if size := unsafe.Sizeof(a); size != 2*cacheLine {
		t.Errorf("an account is %d bytes, want %d", size, 2*cacheLine)
	}
	for name, end := range map[string]uintptr{
		"key":     unsafe.Offsetof(a.key) + unsafe.Sizeof(a.key),
		"carrier": unsafe.Offsetof(a.carrier) + unsafe.Sizeof(a.carrier),
		"parent":  unsafe.Offsetof(a.parent) + unsafe.Sizeof(a.parent),
		"details": unsafe.Offsetof(a.details) + unsafe.Sizeof(a.details),
		"grants":  unsafe.Offsetof(a.set) + unsafe.Sizeof(a.set.grants),
	} {
		if end > cacheLine {
			t.Errorf("%s ends at byte %d of an account, outside of its first cache line", name, end)
		}
	}
}

func TestAccountsAreFoundByTheirWholeIDs(t *testing.T) {
	for _, length := range []int{1, keySize - 1, keySize, keySize + 1, 2 * keySize} {
		id := strings.Repeat("a", length)
		for name, a := range map[string]Account{
			"own ID at its carrier": {ID: id, At: []CarrierAccount{{"twilio", id}}},
			"another ID":            {ID: "acme", At: []CarrierAccount{{"other", "a"}, {"twilio", id}}},
		} {
			t.Run(fmt.Sprintf("%s of %d letters", name, length), func(t *testing.T) {
				s, err := New(Definition{Accounts: []Account{a}})
				if err != nil {
					t.Fatal(err)
				}
				if got, want := s.account(CarrierAccount{"twilio", id}), &s.accounts[0]; got != want {
					t.Errorf("%q is not found", id)
				}
				if got := s.IDAt("twilio", a.ID); got != id {
					t.Errorf("its id at the carrier is %q, want %q", got, id)
				}
				for _, carrier := range []string{"third", ""} {
					if s.account(CarrierAccount{carrier, id}) != nil {
						t.Errorf("the id is found at carrier %q, where it has none", carrier)
					}
				}
			})
		}
	}
}

func TestAnIDIsTheWholeText(t *testing.T) {
	for _, length := range []int{1, keySize - 1, keySize, keySize + 1, 2 * keySize} {
		id := strings.Repeat("a", length)
		a := account{key: newKey(id), id: id}
		if !a.isID(strings.Clone(id)) {
			t.Errorf("%q is not its own id", id)
		}
		for _, other := range []string{"", id[1:], id + "a", "b" + id[1:], id[1:] + "b", id[1:] + "\x00", id + "\x00"} {
			if a.isID(other) {
				t.Errorf("%q is the id of %q", other, id)
			}
		}
	}
}

func TestAccountsOfMoreCarriersThanHaveNumbersAreFound(t *testing.T) {
	var d Definition
	for i := range 300 {
		id := fmt.Sprintf("AC%d", i)
		d.Accounts = append(d.Accounts, Account{ID: id, At: []CarrierAccount{{fmt.Sprintf("carrier %d", i), id}}})
	}
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Accounts {
		at := d.Accounts[i].At[0]
		if s.account(at) != &s.accounts[i] || s.IDAt(at.Carrier, at.ID) != at.ID {
			t.Errorf("%v is not found", at)
		}
		if ids, _ := s.At(at.ID); len(ids) != 1 || ids[0] != at {
			t.Errorf("the ids of %v are %v", at, ids)
		}
		if s.account(CarrierAccount{"carrier 300", at.ID}) != nil {
			t.Errorf("%s is found at a carrier that no account has", at.ID)
		}
	}
}
