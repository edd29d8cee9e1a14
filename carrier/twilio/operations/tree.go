package operations

import "strings"

// tree finds operations by the segments of a path. It is built once and then only read.
type tree struct {
	segment  string
	children []*tree
	// any is the child for a segment of any value.
	any      *tree
	branches []branch
}

// branch is an operation at the end of a path: for one method, or for all but one.
type branch struct {
	method, except string
	operation      *operation
}

// addTo adds a branch to the tree of a product.
func addTo(trees map[string]*tree, product, path string, b branch) {
	if trees[product] == nil {
		trees[product] = &tree{}
	}
	trees[product].add(path, b)
}

// add adds a branch. Of two with one path, the first counts. No product has two, but the
// tree of all products may: there, the first does everything that the other does, which
// a test checks for every pair of rows.
func (t *tree) add(path string, b branch) {
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		t = t.child(segment)
	}
	t.branches = append(t.branches, b)
}

func (t *tree) child(segment string) *tree {
	if strings.HasPrefix(segment, "{") {
		if t.any == nil {
			t.any = &tree{}
		}
		return t.any
	}
	for _, c := range t.children {
		if equalFold(c.segment, segment) {
			return c
		}
	}
	c := &tree{segment: segment}
	t.children = append(t.children, c)
	return c
}

// find finds the operation for a method and a path, split at its slashes. A literal
// segment takes precedence over one of any value. Letter case makes no difference.
func (t *tree) find(method string, segments []string) *operation {
	if t == nil {
		return nil
	}
	if len(segments) == 0 {
		for i := range t.branches {
			if b := &t.branches[i]; b.method == method || b.method == "" && b.except != method {
				return b.operation
			}
		}
		return nil
	}
	for _, c := range t.children {
		if !equalFold(c.segment, segments[0]) {
			continue
		}
		if found := c.find(method, segments[1:]); found != nil {
			return found
		}
	}
	return t.any.find(method, segments[1:])
}
