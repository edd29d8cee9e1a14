// Package operations has the operations of Twilio's API, a row each, finds the one
// that a request is for (Route), and reads what the request wants (Read). Most of it
// is tables, each with its source:
//
//   - products.go, hosts.go: products, edges and regions, and their hosts
//   - a file each for calls, messages and so on: requests that send, call, store a
//     destination or change the carrier's protection; operation.go says what stands in
//     a row
//   - narrowing.go: changes of that protection that only take something away
//   - instruction_urls.go: parameters with a URL whose answer Twilio obeys
//   - writes.txt: all other writes, generated from Twilio's libraries
//   - channel_params.go: how a destination is reached, by the words of other parameters
//
// It knows no credentials and writes no refusals; it does no I/O and decides nothing.
package operations
