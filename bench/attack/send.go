package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// kind is what a send is.
type kind uint8

const (
	message kind = iota
	verification
	call
)

// send is one send of the traffic.
type send struct {
	at      time.Duration // since the beginning
	account int
	kind    kind
	to      string // E.164 with "+"
	// attack is the place of the attack that it belongs to, -1 of good traffic.
	attack int
}

// areaCodes are some of the largest of the United States, by their numbers in use.
var areaCodes = []int{201, 212, 213, 214, 281, 303, 305, 310, 312, 404, 407, 415, 469, 503, 512, 602, 617, 619, 702, 704, 713, 718, 786, 832, 917, 972}

// exchanges is how many of the 800 exchanges of an area code have mobile subscribers here: the
// fewer, the closer together are a sender's good numbers.
const exchanges = 300

// american is a subscriber in an area code.
func american(random *rand.Rand, areaCode int) string {
	return fmt.Sprintf("+1%d%03d%04d", areaCode, 200+random.IntN(exchanges), random.IntN(10_000))
}

// british is a mobile subscriber of Great Britain itself: the islands share the calling code.
func british(random *rand.Rand) string {
	for {
		number := fmt.Sprintf("447%d%08d", 4+random.IntN(6), random.IntN(100_000_000))
		if a := numbering.Default().Lookup(number); a.Listed && len(a.Territories) == 1 && a.Territories[0].String() == "GB" {
			return "+" + number
		}
	}
}
