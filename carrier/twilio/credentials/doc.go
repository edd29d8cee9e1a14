// Package credentials knows what credentials are to Twilio: whom a request
// authenticates as, the requests that find out whether Twilio accepts a credential,
// what the answers say of it, and what no client may reach with a key that the gate issued.
//
// It is tables and what reads them. It does no I/O and remembers nothing. It imports
// operations, for paths, refusal, for the code and the name of an answer, and sid.
package credentials
