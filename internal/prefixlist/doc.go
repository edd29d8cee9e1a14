// Package prefixlist reads the prefix lists of other systems and writes what they mean as
// the prefix rules of a policy.
//
//   - list.go: what every list comes down to, and what a reader says of its lines
//   - number.go: which numbers an entry means; spelling.go: entries that differ in spelling
//   - systems.go: the systems, each with a file of its own
//   - rules.go: the rules of a policy; write.go: their text
//
// What a system does is as it was seen to do it, in the version that its row names. A line
// that never had an effect there is reported and not repaired; one whose meaning no rule
// can have is an error. The package opens no file and judges no number. It imports
// address, numbering and config.
package prefixlist
