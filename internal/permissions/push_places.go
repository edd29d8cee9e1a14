package permissions

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/store"
)

// element is the beginning of the path of a rule or an account.
var element = regexp.MustCompile(`^(accounts|prefixes)\[(\d+)\]`)

// located makes the mistakes of a push name their places in the document. The check sees only
// the accounts that change, and the rules in the order of the store.
func (p *push) located(err error) error {
	if !errors.Is(err, reload.ErrInvalid) || p.checked == nil {
		return err
	}
	var mistakes []error
	for _, problem := range decode.ProblemsOf(err) {
		problem.Path = element.ReplaceAllStringFunc(problem.Path, func(path string) string {
			match := element.FindStringSubmatch(path)
			i, _ := strconv.Atoi(match[2])
			if places := p.checked[match[1]]; i < len(places) {
				i = places[i]
			}
			return fmt.Sprintf("%s[%d]", match[1], i)
		})
		mistakes = append(mistakes, problem)
	}
	if mistakes == nil {
		return err
	}
	return reload.Invalid{Cause: errors.Join(mistakes...)}
}

// check records in which order accounts and rules are checked.
func (p *push) check() {
	p.checked = map[string][]int{"accounts": {}, "prefixes": {}}
	for i := range p.changes {
		if c := &p.changes[i]; c.Kind == store.Account && c.Document != nil {
			p.checked["accounts"] = append(p.checked["accounts"], c.place)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(p.places)) {
		p.checked["prefixes"] = append(p.checked["prefixes"], p.places[id])
	}
}
