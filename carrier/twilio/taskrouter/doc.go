// Package taskrouter knows what TaskRouter does by the data that it is given: which
// attributes of a task or a worker it dials, and what the JSON instructions say that a
// customer's web server answers it with. It decides nothing, and knows neither HTTP nor
// policies.
//
//   - attributes.go: the attributes, a row each
//   - instruction.go: the instructions
package taskrouter
