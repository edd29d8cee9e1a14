// Package decode reads YAML and JSON strictly into Go values, by their json tags. Unknown
// and repeated members, null and values of another type are mistakes. It finds all
// mistakes of a text, each with its line and column, and says what would be right.
//
// It knows no grammar: a type says itself what an example of it is.
package decode
