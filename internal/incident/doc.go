// Package incident makes one incident of denials that have account, reason and rule in common,
// from the first one until it is quiet.
//
//   - incident.go: what an incident says; tally.go: by what its denials are counted
//   - book.go: how incidents open, grow and close. The clock is an argument
//   - watch.go: the book of a process, which has changes told as they happen
//
// It knows no policy, and sends nothing: internal/notify does.
package incident
