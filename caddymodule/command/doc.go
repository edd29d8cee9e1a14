// Package command holds the commands that ask a policy who may send where, under
// `caddy tollgate`, and the one that lists territories. They read flags and files; the
// answers about policies are review's.
package command
