// Package command holds the commands that ask a policy who may send where, under
// `caddy tollgate`, those that list what is known of numbers, and those that keep keys. They read flags and files; the
// answers about policies are review's.
package command
