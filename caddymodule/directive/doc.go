// Package directive reads the arguments of options in a Caddyfile that several
// directives have in common.
//
// It knows no directive: what only one of them takes must not come in.
package directive
