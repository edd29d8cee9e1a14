package reload

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/caddy-tollgate/tollgate/config"
)

// Part is a part of the policy in force that is stated for all accounts: a member of the policy
// document, or an element of one that is a list.
type Part struct {
	// Member of the policy document, such as "limits".
	Member string
	// Value in JSON, as it was written: that of a placeholder may be secret.
	Value json.RawMessage
	// InStore says that the store states it, and Block is the ID of a prefix rule there.
	InStore bool
	Block   string
	// Place is the file and the line that state it; in words if no file says where. It is empty
	// for what the store states.
	Place string
}

// Parts are all parts of the policy in force that are stated for all accounts: first those of
// files, then those of the store, each in the order of the policy document.
func (l *Loader) Parts() ([]Part, error) {
	current := l.Current()
	c := current.combined
	if c == nil {
		return l.fileParts(current, nil)
	}
	parts, err := l.fileParts(c.files, c.operator)
	if err != nil {
		return nil, err
	}
	stated, err := partsOf(&c.kept.settings)
	if err != nil {
		return nil, err
	}
	for i := range stated {
		stated[i].InStore = true
	}
	parts = append(parts, stated...)
	for _, id := range slices.Sorted(maps.Keys(c.kept.blocks)) {
		rule := c.kept.blocks[id]
		text, err := json.Marshal(&rule)
		if err != nil {
			return nil, fmt.Errorf("writing the prefix rule %s: %w", id, err)
		}
		parts = append(parts, Part{Member: "prefixes", Value: text, InStore: true, Block: id})
	}
	return parts, nil
}

// fileParts are those that files state, by the sources of what is in force.
func (l *Loader) fileParts(files *Loaded, sources []config.Source) ([]Part, error) {
	document := files.Document
	if files.text != nil {
		document = config.Merge(sources...) // without placeholders, it is as it was written
	}
	document.Accounts = nil
	parts, err := partsOf(&document)
	if err != nil {
		return nil, err
	}
	count := make(map[string]int)
	for i := range parts {
		path := parts[i].Member
		if slices.Contains(listMembers, path) {
			path = fmt.Sprintf("%s[%d]", path, count[path])
			count[parts[i].Member]++
		}
		if at := config.Place(sources, path); at.File != "" {
			parts[i].Place = strings.ReplaceAll(at.String(), l.file, l.shown)
		} else {
			parts[i].Place = configured
		}
	}
	return parts, nil
}

// listMembers are the members whose elements are parts of their own.
var listMembers = []string{"limits", "prefixes", "ranges"}

// partsOf are the parts of a document.
func partsOf(document *config.Document) (parts []Part, err error) {
	text, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("writing the policy: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil { // the brace
		return nil, fmt.Errorf("writing the policy: %w", err)
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("writing the policy: %w", err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, fmt.Errorf("writing the policy: %w", err)
		}
		member, _ := name.(string)
		elements := []json.RawMessage{value}
		if slices.Contains(listMembers, member) {
			if err := json.Unmarshal(value, &elements); err != nil {
				return nil, fmt.Errorf("writing the policy: %w", err)
			}
		}
		for _, element := range elements {
			parts = append(parts, Part{Member: member, Value: element})
		}
	}
	return parts, nil
}

// AccountsStated is how many accounts files state, and how many the store.
func (p *Loaded) AccountsStated() (inFiles, inStore int) {
	if p.combined == nil {
		return p.Accounts, 0
	}
	return p.combined.files.Accounts, p.combined.kept.accounts
}
