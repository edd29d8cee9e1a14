package config

// kind is what a value is written as.
type kind uint8

const (
	nothing kind = iota // null
	boolean             // true or false in JSON
	number              // a number in JSON
	plain               // a YAML scalar without quotes
	quoted              // a text in quotes
	list
	object
)

// value is one value of a document before anybody knows what it is for. Both
// JSON and YAML become a tree of these, which one reader turns into a Document.
type value struct {
	kind kind
	// aliased says that the value is written elsewhere, behind an anchor.
	aliased bool
	// Where the value begins, both from 1, the column in characters.
	line, column int32
	// text of a scalar: what it says if it is quoted, else how it is written.
	text     string
	elements []*value
	// members in order; a name may stand twice.
	members []member
}

// member is one member of an object.
type member struct {
	name string
	// Where the name begins.
	line, column int32
	value        *value
}

// mistake is what makes a text no tree of values, and where.
type mistake struct {
	line, column int32
	message      string
}

// Every value of a document is at most 8 levels deep. What nests deeper is
// refused before it costs a stack.
const maxDepth = 32

const tooDeep = "values nest deeper than any policy does"
