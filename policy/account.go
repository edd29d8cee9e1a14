package policy

import (
	"math"
	"reflect"
	"slices"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// account is an Account with what a verdict needs looked up beforehand. There may be a
// million of them: what few accounts state is in details.
//
// A verdict on one of so many mostly waits for memory. So an account is two cache lines of
// 64 bytes, on 64-bit machines: the first has what finds it and what most steps read, and
// the second is on the same page.
type account struct {
	key key // of id
	// carrier is the one where its id is id; noCarrier if its ids are in details.
	carrier carrierNumber
	parent  *account
	*details
	set permissionSet

	rules *level
	// id is its own name, or its id at its one carrier.
	id      string
	label   string
	monitor *Switch // nil if it is not, nor was
}

// key has an id within the account itself, and only the beginning of one longer than keySize.
// The text of a string is elsewhere in memory.
type key [keySize]byte

// keySize has room for the account ids of carriers, such as the 34 letters of an account SID.
const keySize = 39

func newKey(text string) (k key) {
	copy(k[:], text)
	return k
}

// carrierNumber is the place of a carrier among those of a snapshot, from 1.
type carrierNumber uint8

const noCarrier carrierNumber = 0

// addCarrier is the number of a carrier, which has one afterwards. It is noCarrier if all
// numbers are taken.
func (s *Snapshot) addCarrier(carrier string) carrierNumber {
	number := s.carrierNumber(carrier)
	if number == noCarrier && len(s.carriers) < math.MaxUint8 {
		s.carriers = append(s.carriers, carrier)
		number = carrierNumber(len(s.carriers))
	}
	return number
}

// carrierNumber is the number of a carrier, or noCarrier.
func (s *Snapshot) carrierNumber(carrier string) carrierNumber {
	return carrierNumber(slices.Index(s.carriers, carrier) + 1)
}

// details are what few accounts state. All that state none of it share one value.
type details struct {
	at        []CarrierAccount
	senders   map[string]*permissionSet
	trial     bool
	home      numbering.Territory
	suspended *Switch     // nil if it is not, nor was
	attached  *Attachment // nil if nothing is
	verified  map[string]bool
	approved  Set
	approvals map[numbering.Territory]string // the reason of each
	openings  []opening                      // stated, and then attached
	// statedOpenings is how many of the openings the account states itself.
	statedOpenings int
	verify         *permissionSet      // the set for verifications, nil if there are none
	controls       []Control           // nil if none are stated
	rulings        *[topicCount]ruling // nil if none are stated
	urlHosts       *hostList           // nil if none are stated
	limits         []StatedLimit
	maxCall        time.Duration     // 0 if none is stated
	priceLimit     *StatedPriceLimit // nil if none is stated
}

// What an account has that states nothing.
var (
	noSet     = permissionSet{grants: new(grants)}
	noRules   level
	noDetails details
)

// isNothing reports whether nothing is stated.
func (d *details) isNothing() bool { return reflect.ValueOf(d).Elem().IsZero() }

// accountsAt are the accounts that a policy names at a carrier, by their ids there.
type accountsAt struct {
	snapshot *Snapshot
	carrier  string
	number   carrierNumber
}

func (s *Snapshot) at(carrier string) accountsAt {
	return accountsAt{s, carrier, s.carrierNumber(carrier)}
}

// find is the account of an id, nil if there is none.
func (c accountsAt) find(id string) *account {
	if id == "" {
		return nil
	}
	if a := c.snapshot.overlay.at(c.carrier, id); a != nil {
		return a
	}
	for p := c.snapshot.byName.find(id); ; {
		number, ok := p.next()
		if !ok {
			return nil
		}
		if a := &c.snapshot.accounts[number]; c.has(a, id) {
			return c.snapshot.overlay.current(a)
		}
	}
}

// has reports whether an account has an id at the carrier.
func (c accountsAt) has(a *account, id string) bool {
	if a.carrier == noCarrier {
		return a.detailedID(c.carrier) == id
	}
	return a.carrier == c.number && a.isID(id)
}

// isID reports whether a text is the id of an account. Elsewhere in memory it reads only a
// long one. The length is in the second cache line: the processor waits for both at once.
func (a *account) isID(text string) bool {
	if len(a.id) != len(text) {
		return false
	}
	if len(text) > keySize {
		return a.id == text
	}
	return string(a.key[:len(text)]) == text
}

// detailedID is the id at a carrier that is in the details, or empty.
func (d *details) detailedID(carrier string) string {
	for i := range d.at {
		if d.at[i].Carrier == carrier {
			return d.at[i].ID
		}
	}
	return ""
}

// idAt is the id of an account at a carrier, or empty.
func (s *Snapshot) idAt(carrier string, a *account) string {
	if a.carrier != noCarrier && s.carriers[a.carrier-1] == carrier {
		return a.id
	}
	return a.detailedID(carrier)
}

// ownName is the name of its own that an account has, or empty.
func (a *account) ownName() string {
	if a.carrier != noCarrier {
		return ""
	}
	for i := range a.at {
		if a.at[i].ID == a.id {
			return ""
		}
	}
	return a.id
}
