// Package params reads the parameters of a request: forms, multipart bodies and JSON, by
// the type of the body, with every spelling that some server would accept for a wanted
// parameter. The work for one request is limited (Effort).
//
// It knows no carrier, no operation and no verdict, and does no I/O. It imports only
// address of this module, for texts that look like numbers.
package params
