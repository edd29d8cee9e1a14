package audit

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Append returns the hashes to be stored for a leaf that becomes the last of a log, from the
// place tlog.StoredHashCount(index) on. The index is the number of leaves before it.
func Append(index int64, leaf []byte, stored tlog.HashReader) ([]tlog.Hash, error) {
	hashes, err := tlog.StoredHashes(index, leaf, stored)
	if err != nil {
		return nil, fmt.Errorf("adding record %d to the audit log: %w", index, err)
	}
	return hashes, nil
}
