package reload

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/rates"
)

// largestRates bounds a deck of rates, in bytes. A row has some 50, and a carrier's deck up to
// some 100,000 rows.
const largestRates = 32 << 20

// RatesFile is a deck of rates that an operator keeps in a file. One that cannot be read, or that
// has much less than the one in force, never takes effect. A nil RatesFile has no deck.
type RatesFile struct {
	file   string
	shown  string // as Loader.shown
	logger *zap.Logger

	// seen is the file and sum its content as they were when last read.
	seen atomic.Pointer[os.FileInfo]
	sum  [sha256.Size]byte
	// deck is the last that was read and good.
	deck    *rates.Deck
	failure atomic.Pointer[error]
}

// NewRatesFile returns a file that is not read yet. Its path may hold placeholders.
func (r Resolver) NewRatesFile(file string, logger *zap.Logger) (*RatesFile, error) {
	path, err := r.Replace(file)
	if err != nil {
		return nil, fmt.Errorf("resolving placeholders in the path of the rates (is the variable set?): %w", err)
	}
	if path == "" {
		return nil, errors.New("the rates need a file")
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("finding the rates: %w", err)
	}
	shown := path
	if strings.Contains(file, "{") {
		shown = file
	}
	return &RatesFile{file: path, shown: shown, logger: logger}, nil
}

// Failure is why the file, as it was when last read, is not in force, nil if it is.
func (f *RatesFile) Failure() error {
	if f == nil {
		return nil
	}
	if err := f.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// load reads the file and returns the deck that is to be in force: that of the file, else the one
// in force if it is of the same file. Without any, sends would be judged by no prices, and it is
// an error.
func (f *RatesFile) load(before *Loaded) (*rates.Deck, error) {
	if f == nil {
		return nil, nil
	}
	var inForce *rates.Deck
	if before != nil && before.DeckFile == f.file {
		inForce = before.Deck
	}
	failed := f.Failure()
	deck, err := f.read(inForce)
	if err == nil {
		f.failure.Store(nil)
		if deck != f.deck {
			f.deck = deck
			f.logger.Info("rates loaded", zap.String("file", f.shown), zap.Int("prices", deck.Rows),
				zap.String("currency", deck.Currency), zap.String("sha256", hex.EncodeToString(f.sum[:])))
		}
		return deck, nil
	}
	err = &hidden{err, strings.ReplaceAll(err.Error(), f.file, f.shown)}
	f.failure.Store(&err)
	if inForce == nil {
		return nil, err
	}
	if failed == nil || failed.Error() != err.Error() {
		f.logger.Error("rates not loaded: the previous ones stay in force", zap.String("file", f.shown), zap.Error(err))
	}
	return inForce, nil
}

// read reads the deck of the file. Of a file with the same content as before, it returns the same
// deck.
func (f *RatesFile) read(inForce *rates.Deck) (*rates.Deck, error) {
	before, content, err := readStill("rates", f.file, func(file string) ([]byte, error) {
		return readLimited("rates", file, largestRates)
	})
	f.seen.Store(&before)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	if f.deck != nil && sum == f.sum {
		return f.deck, nil
	}
	deck, err := rates.Read(f.file, content)
	if err != nil {
		return nil, fmt.Errorf("reading the rates: %w", err)
	}
	if inForce != nil {
		if err := deck.CheckSince(inForce); err != nil {
			return nil, fmt.Errorf("checking the rates: %s: %w", f.file, err)
		}
	}
	f.sum = sum
	return deck, nil
}

// watch calls reload when the file has changed, and from time to time while it is not in force.
func (f *RatesFile) watch(interval time.Duration, reload func() error) (stop func()) {
	if f == nil {
		return func() {}
	}
	var seen os.FileInfo
	if read := f.seen.Load(); read != nil {
		seen = *read
	}
	return watch(f.file, interval, seen, func() error {
		if err := reload(); err != nil {
			return err
		}
		return f.Failure()
	})
}
