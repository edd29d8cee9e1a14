// Package taskrouter knows which attributes of a task or a worker TaskRouter dials, and
// reads the JSON instructions with which a customer's web server answers it. It decides
// nothing, and knows neither HTTP nor policies.
//
//   - attributes.go: the attributes, a row each
//   - instruction.go: the instructions
package taskrouter
