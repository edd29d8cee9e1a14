package reload

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/store"
)

// Access are the tokens of the management API and the keys of applications that a store has.
// They are in force with the policy, so that a client is known without asking the store. It
// never changes; nil has none.
type Access struct {
	objects map[store.Kind]map[string]store.Object
	// keys are those of objects, ready for use.
	keys map[string]*keys.Key
	set  *keys.Set
}

// Get returns the token or the key with an ID.
func (i *Access) Get(kind store.Kind, id string) (o store.Object, ok bool) {
	if i == nil {
		return o, false
	}
	o, ok = i.objects[kind][id]
	return o, ok
}

// List returns all tokens or all keys, by their IDs.
func (i *Access) List(kind store.Kind) []store.Object {
	if i == nil {
		return nil
	}
	return slices.SortedFunc(maps.Values(i.objects[kind]), func(a, b store.Object) int { return cmp.Compare(a.ID, b.ID) })
}

// Keys are the keys, revoked ones among them. It is the same set until one of them changes.
func (i *Access) Keys() *keys.Set {
	if i == nil {
		return new(keys.Set)
	}
	return i.set
}

// with returns what has access once some objects were written, at a revision unless they
// state their own.
func (i *Access) with(objects []store.Object, revision store.Revision, carriers config.Carriers) (*Access, error) {
	next, hasKeys := i, false
	for _, o := range objects {
		if o.Kind != store.Token && o.Kind != store.Key {
			continue
		}
		if next == i {
			next = i.clone()
		}
		o.Revision = cmp.Or(o.Revision, revision)
		delete(next.objects[o.Kind], o.ID)
		if o.Document != nil {
			next.objects[o.Kind][o.ID] = o
		}
		if o.Kind == store.Key {
			hasKeys = true
			if err := next.writeKey(o, carriers); err != nil {
				return nil, err
			}
		}
	}
	if hasKeys {
		next.set = keys.NewSet(slices.SortedFunc(maps.Values(next.keys), func(a, b *keys.Key) int { return cmp.Compare(a.SID, b.SID) }))
	}
	return next, nil
}

func (i *Access) clone() *Access {
	if i == nil {
		return &Access{
			objects: map[store.Kind]map[string]store.Object{store.Token: {}, store.Key: {}},
			keys:    map[string]*keys.Key{}, set: new(keys.Set),
		}
	}
	next := &Access{objects: make(map[store.Kind]map[string]store.Object), keys: maps.Clone(i.keys), set: i.set}
	for kind, objects := range i.objects {
		next.objects[kind] = maps.Clone(objects)
	}
	return next
}

func (i *Access) writeKey(o store.Object, carriers config.Carriers) error {
	if o.Document == nil {
		delete(i.keys, o.ID)
		return nil
	}
	key, err := keys.ParseKey(o.Document, carriers)
	if err != nil {
		return fmt.Errorf("reading key %s of the store: %w", o.ID, err)
	}
	if key.SID != o.ID {
		return fmt.Errorf("reading key %s of the store: its document names %s", o.ID, key.SID)
	}
	i.keys[o.ID] = key
	return nil
}
