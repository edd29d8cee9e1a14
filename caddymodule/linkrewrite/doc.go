// Package linkrewrite rewrites the links in a carrier's JSON, which name its own hosts,
// to the gate, while the answer is streamed.
//
// It looks at answers to requests that may pass: what is judged must not come in.
package linkrewrite
