// Command generate lists every write of Twilio's API, as Twilio's own libraries make
// it: the one for Go, github.com/twilio/twilio-go at the version in go.mod, and the one
// for Node, at the version in examples/clients/node, because neither is complete. Both
// are generated from Twilio's OpenAPI descriptions: an operation is a function, with its
// path in a literal and one line for each parameter.
//
// It writes four files, sorted. Two have a line for each write:
//
//   - operations/writes.txt, for the table of operations: product, method, path
//   - operations/testdata/sdk/writes.txt, for its tests: the same with the parameters
//
// one has a line for each element of TwiML in the library for Node:
//
//   - twiml/testdata/libraries/node.attributes.txt: element, attributes
//
// and one a line for each operation of the library for Go:
//
//   - credentials/testdata/sdk/answers.txt: product, method, path, and the members
//     of the answer that may be a credential
package main
