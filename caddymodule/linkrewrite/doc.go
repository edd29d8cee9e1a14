// Package linkrewrite leads the links in a carrier's JSON, which name its own hosts,
// back to the gate, as the answer goes by.
//
// It looks at answers to requests that may pass: what is judged must not come in.
package linkrewrite
