package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/caddy-tollgate/tollgate/audit"
)

// queueRecords adds the writing of a change's records, and of the hashes that they add to the
// log.
func (m *moment) queueRecords(ctx context.Context, tx pgx.Tx, writes *pgx.Batch, records []audit.Record) error {
	tree, err := readFrontier(ctx, tx, m.records)
	if err != nil {
		return err
	}
	var indexes, keys, positions []int64
	var accounts []string
	var leaves, personals, hashes [][]byte
	var added newKeys
	for i, r := range records {
		r.Index, r.Revision, r.Time = m.records+int64(i), int64(m.version.Revision), m.time
		key := m.keyOf(r, &added)
		leaf, personal, err := r.Seal(key.key)
		if err != nil {
			return err
		}
		grown, err := audit.Append(r.Index, leaf, tree)
		if err != nil {
			return err
		}
		indexes, keys, accounts = append(indexes, r.Index), append(keys, key.firstRecord), append(accounts, r.Account)
		leaves, personals = append(leaves, leaf), append(personals, personal)
		for j, hash := range grown {
			position := tlog.StoredHashCount(r.Index) + int64(j)
			tree[position] = hash
			positions, hashes = append(positions, position), append(hashes, hash[:])
		}
	}
	for from := 0; from < len(indexes); from += rowsAtOnce {
		to := min(len(indexes), from+rowsAtOnce)
		writes.Queue("INSERT INTO tollgate_records (time, index, account, leaf, personal, key)"+
			" SELECT $1::timestamptz, * FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::bigint[])",
			m.time, indexes[from:to], accounts[from:to], leaves[from:to], personals[from:to], keys[from:to])
	}
	writes.Queue("INSERT INTO tollgate_commitment_keys (first_record, account, key)"+
		" SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[])", added.firstRecords, added.accounts, added.keys)
	writes.Queue("INSERT INTO tollgate_hashes (position, hash) SELECT * FROM unnest($1::bigint[], $2::bytea[])",
		positions, hashes)
	return nil
}

// newKeys are those that a change adds, a column each.
type newKeys struct {
	firstRecords []int64
	accounts     []string
	keys         [][]byte
}

// keyOf is the key of an account's commitments. If there is none it adds one.
func (m *moment) keyOf(r audit.Record, added *newKeys) commitmentKey {
	key, ok := m.keys[r.Account]
	if !ok {
		key = commitmentKey{r.Index, audit.NewKey()}
		m.keys[r.Account] = key
		added.firstRecords = append(added.firstRecords, r.Index)
		added.accounts = append(added.accounts, r.Account)
		added.keys = append(added.keys, key.key)
	}
	return key
}

// hashes of a log, by their places in tlog's order.
type hashes map[int64]tlog.Hash

// ReadHashes implements tlog.HashReader.
func (h hashes) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(positions))
	for i, position := range positions {
		hash, ok := h[position]
		if !ok {
			return nil, fmt.Errorf("the audit log has no hash at place %d", position)
		}
		found[i] = hash
	}
	return found, nil
}

// readFrontier reads the roots of the complete subtrees of a log: all that a leaf is added to.
func readFrontier(ctx context.Context, tx pgx.Tx, size int64) (hashes, error) {
	var positions []int64
	for level := 0; size>>level > 0; level++ {
		if n := size >> level; n&1 == 1 {
			positions = append(positions, tlog.StoredHashIndex(level, n-1))
		}
	}
	return readHashes(ctx, tx, positions)
}

// querier is a connection, a transaction or a pool.
type querier interface {
	Query(ctx context.Context, query string, arguments ...any) (pgx.Rows, error)
}

func readHashes(ctx context.Context, from querier, positions []int64) (hashes, error) {
	found := make(hashes, len(positions))
	if len(positions) == 0 {
		return found, nil
	}
	rows, err := from.Query(ctx, "SELECT position, hash FROM tollgate_hashes WHERE position = ANY($1)", positions)
	if err != nil {
		return nil, err
	}
	var position int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&position, &hash}, func() error {
		if len(hash) != tlog.HashSize {
			return fmt.Errorf("the audit log has a hash of %d bytes at place %d", len(hash), position)
		}
		found[position] = tlog.Hash(hash)
		return nil
	})
	return found, err
}
