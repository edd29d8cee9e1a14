package keys

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/suggest"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Carriers is what must be known of the carriers that keys are for.
type Carriers interface {
	config.Carriers

	// Operations lists the names of all operations of a carrier, sorted; nil if they are
	// unknown.
	Operations(carrier string) []string
}

// operationNames knows what a key's operations may be. It lists those of a carrier once,
// since a file may have thousands of keys.
type operationNames struct {
	carriers Carriers
	// choices of each carrier, sorted; nil if they are unknown.
	choices map[string][]string
}

func newOperationNames(carriers Carriers) operationNames {
	return operationNames{carriers, make(map[string][]string)}
}

// of returns the names and patterns of a carrier's operations.
func (n operationNames) of(carrier string) []string {
	choices, listed := n.choices[carrier]
	if !listed {
		if names := n.carriers.Operations(carrier); names != nil {
			choices = slices.Concat(names, families(names))
			slices.Sort(choices)
		}
		n.choices[carrier] = choices
	}
	return choices
}

// unknown finds the operations of a key that its carrier does not have. Each allows
// nothing. The text is not in the message: it might be a misplaced secret.
func (n operationNames) unknown(k *Key) (mistakes []mistake) {
	if len(k.Operations) == 0 {
		return nil
	}
	choices := n.of(k.carrier(n.carriers))
	if choices == nil {
		return nil
	}
	for i, operation := range k.Operations {
		if _, found := slices.BinarySearch(choices, operation); found || !operationName.MatchString(operation) {
			continue // what is not a name at all is another mistake
		}
		message := `unknown operation: "tollgate key operations" lists them`
		if near, ok := suggest.Word(operation, choices, nil); ok {
			message = `unknown operation, did you mean "` + near + `"? "tollgate key operations" lists them`
		}
		mistakes = append(mistakes, mistake{element("operations", i), message})
	}
	return mistakes
}

// families lists the patterns that stand for several of the names: "messages.*" for
// "messages.create" and "messages.update".
func families(names []string) (patterns []string) {
	for _, name := range names {
		for i := range len(name) {
			if name[i] == '.' {
				patterns = append(patterns, name[:i]+".*")
			}
		}
	}
	slices.Sort(patterns)
	return slices.Compact(patterns)
}

// carrier is the name of the carrier of a key's account, empty if its id is none.
func (k *Key) carrier(carriers config.Carriers) string {
	if of := config.CarriersOf(carriers, policy.AccountID, k.Account); len(of) > 0 {
		return of[0]
	}
	return ""
}
