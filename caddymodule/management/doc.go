// Package management is the handler of the management API for a site of its own.
//
// What may not come in: what the API does.
package management
