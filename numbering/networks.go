package numbering

import "strings"

// Network is a network that an international calling code was assigned to part
// of, beyond any country. Permissions are given for calling codes: a network is
// a name for people.
type Network struct {
	Prefix string // the digits its numbers begin with, without "+"
	Name   string
}

// NetworkOf returns the network that the digits of a number, without "+", belong
// to by the table of networks.
func NetworkOf(digits string) (Network, bool) {
	for _, row := range networkTable {
		if strings.HasPrefix(digits, row.prefix) {
			return Network{row.prefix, row.name}, true
		}
	}
	return Network{}, false
}
