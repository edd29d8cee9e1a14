package decode

import "fmt"

// kind is what a value is written as.
type kind uint8

const (
	null    kind = iota
	boolean      // true or false in JSON
	number       // a number in JSON
	plain        // a YAML scalar without quotes
	quoted       // a text in quotes
	list
	object
)

// value is one value of a text before its type is known. Both JSON and YAML become a tree
// of these, which one reader turns into Go values.
type value struct {
	kind kind
	// aliased says that the value is written elsewhere, at an anchor.
	aliased bool
	// Where the value begins, both from 1, the column in characters.
	line, column int32
	// text of a scalar: what it says if it is quoted, else how it is written.
	text     string
	elements []*value
	// members in order. A name may occur more than once.
	members []member
}

// member is one member of an object.
type member struct {
	name string
	// Where the name begins.
	line, column int32
	value        *value
}

// mistake is why a text has no tree of values, and where.
type mistake struct {
	line, column int32
	message      string
}

// maxDepth is how many levels deep values may nest. Documents here have at most 8 levels.
// What nests deeper is refused before it costs a stack.
const maxDepth = 32

func tooDeep(deepest int) string {
	return fmt.Sprintf("values nest more than %d levels deep", deepest)
}
