package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/caddy-tollgate/tollgate/audit"
	"github.com/caddy-tollgate/tollgate/store"
)

// writing is a transaction that changes the store.
var writing = pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite}

// settings are those of each such transaction. The server ends it if the gate that has locked
// the revision vanishes, and acknowledges nothing that is not on disk.
const settings = `SELECT set_config('idle_in_transaction_session_timeout', '10s', true),
	set_config('synchronous_commit', CASE current_setting('synchronous_commit')
		WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)`

// lockRevision is a statement by which one change waits for the other.
const lockRevision = "SELECT records FROM tollgate_revision FOR UPDATE"

// Commit implements store.Store. If the connection is lost, or the context ends, while the
// server commits, the change may have been made.
func (s *Store) Commit(ctx context.Context, c store.Change) (store.Version, error) {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	var version store.Version
	err := s.transact(ctx, writing, func(tx pgx.Tx) (err error) {
		version, err = commit(ctx, tx, c)
		return err
	})
	if err != nil {
		return store.Version{}, fmt.Errorf("committing to PostgreSQL: %w", err)
	}
	return version, nil
}

// moment is the state of the store when a change has locked it.
type moment struct {
	version store.Version
	records int64
	time    time.Time
	// keys of the accounts' commitments.
	keys map[string]commitmentKey
}

// commitmentKey is the key of an account's commitments, by the first record that has it.
type commitmentKey struct {
	firstRecord int64
	key         []byte
}

func commit(ctx context.Context, tx pgx.Tx, c store.Change) (store.Version, error) {
	m, err := lock(ctx, tx, c.Records)
	if err != nil {
		return store.Version{}, err
	}
	if m.version != c.Expect {
		return store.Version{}, store.ErrConflict
	}
	m.version = store.Version{Revision: c.Expect.Revision + 1}
	writes := new(pgx.Batch)
	if len(c.Records) > 0 {
		if err := m.queueRecords(ctx, tx, writes, c.Records); err != nil {
			return store.Version{}, err
		}
	}
	queueObjects(writes, c.Objects, m.version.Revision)
	writes.Queue("UPDATE tollgate_revision SET revision = $1, records = $2",
		m.version.Revision, m.records+int64(len(c.Records)))
	writes.Queue(selectVersion).QueryRow(m.scanVersion)
	writes.Queue("SELECT pg_notify($1, '')", channel)
	err = tx.SendBatch(ctx, writes).Close()
	return m.version, err
}

func (m *moment) scanVersion(row pgx.Row) error {
	return row.Scan(&m.version.Revision, &m.version.Commit)
}

// lock locks the revision, and reads what the records of a change need. Each statement sees
// what was committed before it, so those after the lock see the change before.
func lock(ctx context.Context, tx pgx.Tx, records []audit.Record) (*moment, error) {
	m := &moment{keys: map[string]commitmentKey{}}
	accounts := make([]string, len(records))
	for i := range records {
		accounts[i] = records[i].Account
	}
	reads := new(pgx.Batch)
	reads.Queue(settings)
	reads.Queue(lockRevision).QueryRow(func(row pgx.Row) error { return row.Scan(&m.records) })
	reads.Queue(selectVersion).QueryRow(m.scanVersion)
	reads.Queue("SELECT clock_timestamp()").QueryRow(func(row pgx.Row) error { return row.Scan(&m.time) })
	reads.Queue("SELECT account, first_record, key FROM tollgate_commitment_keys WHERE account = ANY($1)", accounts).
		Query(func(rows pgx.Rows) error {
			var account string
			var key commitmentKey
			_, err := pgx.ForEachRow(rows, []any{&account, &key.firstRecord, &key.key}, func() error {
				m.keys[account] = key
				return nil
			})
			return err
		})
	return m, tx.SendBatch(ctx, reads).Close()
}

// rowsAtOnce is how many rows one statement writes at most: a message of the protocol has a
// limit of 1 GB.
const rowsAtOnce = 10_000

// queueObjects adds the writing of a change's objects. Of two with one name the last stays.
func queueObjects(writes *pgx.Batch, objects []store.Object, revision store.Revision) {
	type name struct {
		kind store.Kind
		id   string
	}
	last := make(map[name]int, len(objects))
	for i, o := range objects {
		last[name{o.Kind, o.ID}] = i
	}
	var kinds, ids []string
	var documents [][]byte
	for i, o := range objects {
		if last[name{o.Kind, o.ID}] == i {
			kinds, ids, documents = append(kinds, string(o.Kind)), append(ids, o.ID), append(documents, o.Document)
		}
	}
	for len(ids) > 0 {
		n := min(len(ids), rowsAtOnce)
		writes.Queue("INSERT INTO tollgate_objects (kind, id, document, revision)"+
			" SELECT *, $4::bigint FROM unnest($1::text[], $2::text[], $3::bytea[])"+
			" ON CONFLICT (kind, id) DO UPDATE SET document = excluded.document, revision = excluded.revision",
			kinds[:n], ids[:n], documents[:n], revision)
		kinds, ids, documents = kinds[n:], ids[n:], documents[n:]
	}
}
