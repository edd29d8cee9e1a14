package sqlite

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/caddy-tollgate/tollgate/store"
)

const (
	raiseHolds = "UPDATE holds_number SET number = number + 1 RETURNING number"
	putHold    = `INSERT INTO holds (id, document, changed, over, number) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET document = excluded.document, changed = excluded.changed, over = excluded.over, number = excluded.number
		WHERE excluded.changed > changed`
	deleteHolds   = "DELETE FROM holds WHERE over <= ?"
	selectHolds   = "SELECT id, document, changed, over FROM holds WHERE number > ? ORDER BY number, id"
	numberOfHolds = "SELECT number FROM holds_number"
	holdSecret    = "SELECT secret FROM holds_number"
	setHoldSecret = "UPDATE holds_number SET secret = ? WHERE secret = '' RETURNING secret"
)

// Holds implements store.Store.
func (s *Store) Holds() store.Holds { return (*holds)(s) }

// holds are what limits hold.
type holds Store

// Write implements store.Holds.
func (h *holds) Write(ctx context.Context, now time.Time, list []store.KeptHold) error {
	s := (*Store)(h)
	err := s.write(ctx, func(tx *sql.Tx) error {
		var number int64
		if err := tx.QueryRowContext(ctx, raiseHolds).Scan(&number); err != nil {
			return err
		}
		put, err := tx.PrepareContext(ctx, putHold)
		if err != nil {
			return err
		}
		defer put.Close()
		for i := range list {
			k := &list[i]
			over := sql.NullInt64{Int64: k.Over.UnixNano(), Valid: !k.Over.IsZero()}
			if _, err := put.ExecContext(ctx, k.ID, string(k.Document), k.Changed.UnixNano(), over, number); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, deleteHolds, now.UnixNano())
		return err
	})
	if err != nil {
		return s.failed(ctx, "writing holds to", err)
	}
	return nil
}

// Changes implements store.Holds. The number is read first: what is written meanwhile is read
// again the next time.
func (h *holds) Changes(ctx context.Context, after int64, yield func(store.KeptHold) error) (last int64, err error) {
	s := (*Store)(h)
	if err := s.reader.QueryRowContext(ctx, numberOfHolds).Scan(&last); err != nil {
		return 0, s.failed(ctx, "reading holds of", err)
	}
	return last, s.rows(ctx, "reading holds of", selectHolds, []any{after}, func(rows *sql.Rows) (func() error, error) {
		var document string
		var changed int64
		var over sql.NullInt64
		k := store.KeptHold{}
		err := rows.Scan(&k.ID, &document, &changed, &over)
		k.Document, k.Changed = []byte(document), time.Unix(0, changed).UTC()
		if over.Valid {
			k.Over = time.Unix(0, over.Int64).UTC()
		}
		return func() error { return yield(k) }, err
	})
}

// Secret implements store.Holds.
func (h *holds) Secret(ctx context.Context, proposed []byte) ([]byte, error) {
	s := (*Store)(h)
	var text string
	err := s.reader.QueryRowContext(ctx, holdSecret).Scan(&text)
	if err == nil && text == "" {
		err = s.write(ctx, func(tx *sql.Tx) error {
			err := tx.QueryRowContext(ctx, setHoldSecret, hex.EncodeToString(proposed)).Scan(&text)
			if errors.Is(err, sql.ErrNoRows) { // another one was first
				return tx.QueryRowContext(ctx, holdSecret).Scan(&text)
			}
			return err
		})
	}
	if err != nil {
		return nil, s.failed(ctx, "reading the secret of holds of", err)
	}
	return hex.DecodeString(text)
}
