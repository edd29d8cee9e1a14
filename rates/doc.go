// Package rates knows what a carrier charges: a deck of prices by prefix and by territory, of
// messages and of calls, in one currency.
//
//   - money.go: prices and amounts, which are integers
//   - deck.go: the deck, and what it says of a number
//   - read.go: the CSV that it is read from; columns.go: its columns; write.go: writing it
//
// It knows no accounts and no limits, and opens no file. It imports numbering.
package rates
