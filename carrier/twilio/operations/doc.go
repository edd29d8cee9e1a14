// Package operations has a row for each operation of Twilio's API, finds the operation
// of a request (Route), and reads what the request wants (Read). Most of it is tables,
// each with its source:
//
//   - hosts.go: products, edges and regions, and their hosts
//   - a file each for calls, messages and so on: requests that send, call, store a
//     destination or change the carrier's protection; row.go explains the columns
//   - narrowing.go: changes of that protection that only take something away
//   - instruction_urls.go: operations that only set URLs whose answers Twilio follows
//   - channel_params.go: how other parameters choose the channel of a destination
//   - writes.txt: all documented writes, generated from Twilio's libraries
//
// build (router.go) makes the router from the rows, which never change.
//
// It knows no credentials and writes no refusals; it does no I/O and decides nothing.
package operations
