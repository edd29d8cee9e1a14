// Package params reads the parameters of a request: forms, multipart bodies and JSON,
// by the type of the body, with every spelling that some server would take for a
// parameter that is looked for. What reading one request may take is bounded (Effort).
//
// It knows no carrier, no operation and no verdict, and does no I/O. It imports
// address, for texts that look like numbers, and nothing else of this module.
package params
