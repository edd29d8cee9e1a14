// Package command holds the commands that ask a policy who may send where, under
// `caddy tollgate`. They read flags and files; the answers are review's.
package command
