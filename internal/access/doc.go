// Package access decides who may change what: the roles and the action that each is needed
// for, whose role a name is given, the bearer tokens of the management API, and that no
// one approves what they requested.
//
// It is pure. It reads no clock (time is an argument), keeps nothing, and knows neither
// HTTP nor Caddy: who a client is was found out before. A key that the gate issued to an
// application is never a token here, and a token is never such a key.
package access
