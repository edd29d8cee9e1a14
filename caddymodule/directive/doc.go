// Package directive reads the arguments of options in a Caddyfile that several
// directives have in common.
//
// It knows no directive: an option that only one of them has does not belong here.
package directive
