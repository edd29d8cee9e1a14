package main

import (
	"fmt"
	"time"
)

// What a peer counts together: an account and the beginning of its calling code.
func (s *send) userAndCountry() string { return fmt.Sprint(s.account, " ", s.to[:3]) }

// countryADay is a limit of sends for each account and country on a day, as consoles of carriers
// have it.
type countryADay struct {
	most  int
	day   int
	count map[string]int
}

// newCountryADay has a limit that the largest good sender keeps within.
func newCountryADay(good []send) *countryADay {
	c, largest := &countryADay{count: map[string]int{}}, 0
	for i := range good {
		largest = max(largest, c.add(&good[i]))
	}
	return &countryADay{count: map[string]int{}, most: largest}
}

// add counts a send, and returns how many there are.
func (c *countryADay) add(s *send) int {
	if today := int(s.at / day); today != c.day {
		c.day = today
		clear(c.count)
	}
	c.count[s.userAndCountry()]++
	return c.count[s.userAndCountry()]
}

func (c *countryADay) passes(s *send) bool { return c.add(s) <= c.most }

// fraudDetection is OpenSIPS' module of that name (3.6.8): of a user and a prefix, here the
// beginning of the calling code, how many there are within a minute and on a day, and to one
// number in a row. At a threshold a send is refused, and goes on counting. Local midnight sets all
// to zero (https://opensips.org/html/docs/modules/3.6.x/fraud_detection.html).
type fraudDetection struct {
	critical fraudLevels
	day      int
	users    map[string]*fraudUser
}

// fraudLevels are what is counted, or the thresholds of it.
type fraudLevels struct{ minute, total, row int }

type fraudUser struct {
	fraudLevels
	seconds    [60]int
	lastSecond int
	last       string
}

// newFraudDetection has the lowest thresholds that all good senders keep below.
func newFraudDetection(good []send) *fraudDetection {
	f := &fraudDetection{users: map[string]*fraudUser{}}
	var most fraudLevels
	for i := range good {
		level := f.add(&good[i])
		most = fraudLevels{max(most.minute, level.minute), max(most.total, level.total), max(most.row, level.row)}
	}
	return &fraudDetection{critical: fraudLevels{most.minute + 1, most.total + 1, most.row + 1}, users: map[string]*fraudUser{}}
}

// add counts a send, and returns what there is of its user.
func (f *fraudDetection) add(s *send) fraudLevels {
	if today := int(s.at / day); today != f.day {
		f.day = today
		clear(f.users)
	}
	u := f.users[s.userAndCountry()]
	if u == nil {
		u = new(fraudUser)
		f.users[s.userAndCountry()] = u
	}
	second := int(s.at / time.Second)
	for t := max(u.lastSecond+1, second-len(u.seconds)+1); t <= second; t++ {
		u.minute -= u.seconds[t%len(u.seconds)]
		u.seconds[t%len(u.seconds)] = 0
	}
	u.lastSecond = second
	u.seconds[second%len(u.seconds)]++
	u.minute++
	u.total++
	if u.row++; u.last != s.to {
		u.row, u.last = 1, s.to
	}
	return u.fraudLevels
}

func (f *fraudDetection) passes(s *send) bool {
	level := f.add(s)
	return level.minute < f.critical.minute && level.total < f.critical.total && level.row < f.critical.row
}
