// Package console is the handler of the console: whom the server says that a client is, and the
// links by which the operator of the machine signs in where it says nothing.
//
// What may not come in: what the pages show.
package console
