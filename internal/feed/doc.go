// Package feed has lists of number ranges that come from outside, such as those of ranges that
// are known for fraud, and keeps them up to date.
//
//   - prefix.go: a prefix as one integer
//   - read.go: what a list says, and which lists are refused as a whole
//   - list.go: the prefixes of one feed, and since when it has had each
//   - set.go: the lists of all feeds, merged, and what they say to a number
//   - fetch.go: the text of a feed, from an address or a file
//   - signature.go: who signed a list, and when
//   - kept.go: the copy of a list that outlives the process
//   - feed.go: one feed, and how another list of it takes effect
//   - status.go: what there is to know of a feed
//   - feeds.go: all of them, and the rules with the lists in force
//
// A list takes effect as a whole or not at all: one that cannot be trusted leaves the one before
// in force. The package knows no Caddy.
package feed
