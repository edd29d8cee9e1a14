package reload

import (
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/rates"
)

// largestRates bounds a deck of rates, in bytes. A row has some 50, and a carrier's deck up to
// some 100,000 rows.
const largestRates = 32 << 20

// RatesFile is a deck of rates that an operator keeps in a file. One that cannot be read, or that
// has much less than the one in force, never takes effect. A nil RatesFile has no deck.
type RatesFile struct{ watchedFile[rates.Deck] }

// NewRatesFile returns a file that is not read yet. Its path may hold placeholders.
func (r Resolver) NewRatesFile(file string, logger *zap.Logger) (*RatesFile, error) {
	f := &RatesFile{watchedFile[rates.Deck]{what: "rates", most: largestRates, stays: "the previous ones stay in force",
		describe: func(deck *rates.Deck) []zap.Field {
			return []zap.Field{zap.Int("prices", deck.Rows), zap.String("currency", deck.Currency)}
		}}}
	return f, f.find(r, file, logger)
}

// Failure is why the file, as it was when last read, is not in force, nil if it is.
func (f *RatesFile) Failure() error {
	if f == nil {
		return nil
	}
	return f.watchedFile.Failure()
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
	deck, isNew, err := f.watchedFile.load(func(content []byte) (*rates.Deck, error) {
		deck, err := rates.Read(f.file, content)
		if err != nil {
			return nil, fmt.Errorf("reading the rates: %w", err)
		}
		if inForce != nil {
			if err := deck.CheckSince(inForce); err != nil {
				return nil, fmt.Errorf("checking the rates: %s: %w", f.file, err)
			}
		}
		return deck, nil
	})
	if err == nil {
		return deck, nil
	}
	if inForce == nil {
		return nil, err
	}
	if isNew {
		f.logFailure(err)
	}
	return inForce, nil
}

func (f *RatesFile) watch(interval time.Duration, reload func() error) (stop func()) {
	if f == nil {
		return func() {}
	}
	return f.watchedFile.watch(interval, reload)
}
