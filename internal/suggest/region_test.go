package suggest

import (
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
)

func TestNoTerritoryIsCalledARegion(t *testing.T) {
	for territory := range numbering.AllTerritories() {
		for _, name := range []string{territory.String(), territory.Alpha3(), territory.Name()} {
			if name = plainName(name); regions[name] || allWords[name] {
				t.Errorf("%s is %q", territory, name)
			}
		}
	}
	for name := range otherNames {
		if regions[name] {
			t.Errorf("%q is a region and a territory", name)
		}
	}
}
