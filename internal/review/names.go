package review

import (
	"fmt"
	"strings"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// maxNamed is how many territories are written with their names; of more, the codes are
// easier to read.
const mostNamed = 4

// belongsTo writes the territories that a number belongs to, of which any one
// is enough or all are needed.
func belongsTo(codes []string, any bool) string {
	if len(codes) > mostNamed {
		return strings.Join(codes, " ")
	}
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = withName(code)
	}
	if any {
		return strings.Join(names, " or ")
	}
	return strings.Join(names, " and ")
}

// withName writes the code of a territory and its name.
func withName(code string) string {
	t, ok := numbering.ParseTerritory(code)
	if !ok {
		return code
	}
	return code + " " + t.Name()
}

// channelName names the channel of a send, which for verifications may have a
// permission set of its own.
func channelName(channel policy.Channel, verification bool) string {
	if verification {
		return "verify " + channel.String()
	}
	return channel.String()
}

// listed writes a list of any length, of territories or of what the noun says.
func listed(codes []string, noun string) string {
	switch n := len(codes); {
	case n == allTerritories:
		return "all territories"
	case n > mostNamed:
		return fmt.Sprintf("%d %s: %s", n, noun, strings.Join(codes, " "))
	}
	var names []string
	for _, code := range codes {
		names = append(names, withName(code))
	}
	return strings.Join(names, ", ")
}

// allTerritories is how many territories there are.
var allTerritories = func() (n int) {
	for range numbering.AllTerritories() {
		n++
	}
	return n
}()
