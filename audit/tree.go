package audit

import (
	"fmt"
	"math/bits"

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

// frontier is what is needed of a tree to add leaves to it: the hashes of its complete
// subtrees, one for each bit of its size, the largest first.
type frontier struct {
	size   int64
	hashes []tlog.Hash
}

// append adds a leaf, and appends the hashes of the subtrees that it completes, from the leaf
// up, which is the order in which tlog stores them.
func (f *frontier) append(leaf tlog.Hash, completed []tlog.Hash) []tlog.Hash {
	completed = append(completed, leaf)
	for range bits.TrailingZeros64(^uint64(f.size)) {
		last := len(f.hashes) - 1
		leaf = tlog.NodeHash(f.hashes[last], leaf)
		f.hashes = f.hashes[:last]
		completed = append(completed, leaf)
	}
	f.hashes = append(f.hashes, leaf)
	f.size++
	return completed
}

// root is the hash of the tree.
func (f *frontier) root() tlog.Hash {
	if f.size == 0 {
		root, _ := tlog.TreeHash(0, nil) // that of nothing: it reads no hash
		return root
	}
	last := len(f.hashes) - 1
	root := f.hashes[last]
	for i := last - 1; i >= 0; i-- {
		root = tlog.NodeHash(f.hashes[i], root)
	}
	return root
}
