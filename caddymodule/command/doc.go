// Package command holds the commands under `caddy tollgate`: those that ask a policy who
// may send where, those that list what is known of numbers, those that turn other systems'
// lists into rules, and those that manage keys. They read flags and files; the answers
// about policies are review's.
package command
