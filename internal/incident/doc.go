// Package incident makes one incident of denials that have account, reason and rule in common,
// from the first one until it is quiet.
//
//   - incident.go: what an incident says; tally.go: by what its denials are counted
//   - book.go: how incidents open, grow and close. The clock is an argument
//   - sharing.go: what gates tell each other of incidents that they have together
//   - threshold.go: what is told of a step that a limit has reached
//   - watch.go: the book of a process, which has changes told as they happen
//
// It knows no policy, and sends nothing: internal/alert and internal/notify do.
package incident
