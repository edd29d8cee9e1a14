package permissions

import (
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// cursorAfter is where a page begins after an object.
func cursorAfter(id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id)) }

// Paged returns the page of a list, which is in the order of IDs: at most a number of items,
// from a cursor on. Next is that of the page after it, empty on the last. It remains valid
// whatever changes meanwhile.
func Paged[T any](list []T, id func(*T) string, limit int, cursor string) (page []T, next string, err error) {
	after, err := base64.RawURLEncoding.DecodeString(cursor)
	switch {
	case err != nil:
		return nil, "", reload.Invalid{Cause: fmt.Errorf("listing: %w", errCursor)}
	case limit < 1:
		return nil, "", reload.Invalid{Cause: errors.New("listing: limit must be at least 1")}
	}
	for i := range list {
		if at := id(&list[i]); at <= string(after) {
			continue
		}
		if len(page) == limit {
			return page, cursorAfter(id(&page[limit-1])), nil
		}
		page = append(page, list[i])
	}
	return page, "", nil
}

var errCursor = errors.New("cursor must be that of a page before")
