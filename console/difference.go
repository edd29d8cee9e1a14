package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// memberDifference is a member of a document before and after a change: its values, of a list
// each, with those that the other one does not have.
type memberDifference struct {
	Path          string
	Before, After []comparedValue
}

// comparedValue is a value, and whether the other document lacks it.
type comparedValue struct {
	Text    string
	Changed bool
}

// IsChanged reports whether the member differs. One whose values are in another order only does not.
func (m *memberDifference) IsChanged() bool {
	isChanged := func(v comparedValue) bool { return v.Changed }
	return slices.ContainsFunc(m.Before, isChanged) || slices.ContainsFunc(m.After, isChanged)
}

// compareDocuments compares the documents of a change, of which either may be absent, member by
// member: those of the first in their order, then those that are new.
func compareDocuments(before, after json.RawMessage) (members []memberDifference) {
	old, new := flatten(before), flatten(after)
	for _, member := range old {
		members = append(members, memberDifference{member.path, compared(member.values, valuesOf(new, member.path)), compared(valuesOf(new, member.path), member.values)})
	}
	for _, member := range new {
		if valuesOf(old, member.path) == nil {
			members = append(members, memberDifference{member.path, nil, compared(member.values, nil)})
		}
	}
	return members
}

// compared marks the values that others lack.
func compared(values, others []string) (marked []comparedValue) {
	left := make(map[string]int, len(others))
	for _, other := range others {
		left[other]++
	}
	for _, value := range values {
		marked = append(marked, comparedValue{value, left[value] == 0})
		left[value] = max(left[value]-1, 0)
	}
	return marked
}

// flatMember is a member of a document at a path, with its values.
type flatMember struct {
	path   string
	values []string
}

func valuesOf(members []flatMember, path string) []string {
	i := slices.IndexFunc(members, func(m flatMember) bool { return m.path == path })
	if i < 0 {
		return nil
	}
	return members[i].values
}

// flatten lists the members of a document in their order: what has members itself is left out, and
// a list of texts and numbers is one member. What is not JSON is a member without a name.
func flatten(document json.RawMessage) (members []flatMember) {
	if len(document) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	if err := flattenValue(decoder, "", &members); err != nil {
		return []flatMember{{"", []string{string(document)}}}
	}
	return members
}

func flattenValue(decoder *json.Decoder, path string, members *[]flatMember) error {
	token, err := decoder.Token()
	if err != nil {
		return err
	}
	before := len(*members)
	switch token {
	case json.Delim('{'):
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return err
			}
			if err := flattenValue(decoder, strings.TrimPrefix(fmt.Sprintf("%s.%s", path, name), "."), members); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for i := 0; decoder.More(); i++ {
			if err := flattenValue(decoder, fmt.Sprintf("%s[%d]", path, i), members); err != nil {
				return err
			}
		}
		joinList((*members)[before:], path, members, before)
	default:
		text := fmt.Sprint(token)
		if token == nil {
			text = "null"
		}
		*members = append(*members, flatMember{path, []string{text}})
		return nil
	}
	if _, err = decoder.Token(); err == nil && len(*members) == before {
		*members = append(*members, flatMember{path, []string{"none"}})
	}
	return err
}

// joinList makes one member of a list whose items are texts and numbers.
func joinList(items []flatMember, path string, members *[]flatMember, first int) {
	joined := flatMember{path: path}
	for i, item := range items {
		if item.path != fmt.Sprintf("%s[%d]", path, i) {
			return
		}
		joined.values = append(joined.values, item.values...)
	}
	if len(items) > 0 {
		*members = append((*members)[:first], joined)
	}
}
