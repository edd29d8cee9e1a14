package reload

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// Loader loads the policy that a configuration states and that a file, if one is named,
// adds to. A policy takes effect as a whole.
type Loader struct {
	// PollInterval is how often the file is checked.
	PollInterval time.Duration

	// Complete says that a file must state its end. Without it, a file must if the one in
	// force does.
	Complete bool

	// Numbering is the file of numbering data, nil without one.
	Numbering *NumberingFile

	// Rates is the file of rates, nil without one.
	Rates *RatesFile

	// Predecessor returns the policy in force before the first load, if there is one: that
	// of the configuration that is replaced.
	Predecessor func() *Loaded

	// Compare returns what the log says of the difference between two policies. The earlier
	// one may be packed. The later one is in force by then; another load waits until Compare
	// returns.
	Compare func(before, after *Loaded) []zap.Field

	// Review returns more warnings for the log about a policy that is in force by then.
	Review func(*Loaded) []string

	// stored is nil without a store.
	stored   *Stored
	resolver Resolver
	file     string
	// shown is the path in errors: one that contains a placeholder stays as it was
	// written.
	shown  string
	stated config.Source
	places lastPlaces
	logger *zap.Logger

	// loading is held while a policy is loaded: one at a time.
	loading sync.Mutex
	// read is the file as it was when last read, with or without a mistake.
	read os.FileInfo
	// hadEnd says that the file in force states its end.
	hadEnd  atomic.Bool
	current atomic.Pointer[Loaded]
	failure atomic.Pointer[error]
}

// NewLoader returns a loader that has not loaded yet. The path of the file may
// hold placeholders; without one, the policy is what is stated.
func NewLoader(resolver Resolver, file string, stated config.Document, logger *zap.Logger) (*Loader, error) {
	written := file
	file, err := resolver.Replace(file)
	if err != nil {
		return nil, fmt.Errorf("resolving placeholders in the path of the policy file (is the variable set?): %w", err)
	}
	if file != "" {
		// Absolute, so that errors say where it was looked for.
		if file, err = filepath.Abs(file); err != nil {
			return nil, fmt.Errorf("finding the policy file: %w", err)
		}
	}
	shown := file
	if strings.Contains(written, "{") {
		shown = written
	}
	return &Loader{PollInterval: pollInterval, resolver: resolver, file: file, shown: shown, stated: config.Source{Document: stated}, logger: logger}, nil
}

// Locate makes errors say where in a file the configuration states a value, and keeps the
// sources of what is loaded.
func (l *Loader) Locate(positions decode.Positions) {
	l.stated.Positions, l.resolver.KeepSources = positions, true
}

// File is the absolute path of the policy file, or the path as it was written if that
// contains a placeholder; or empty.
func (l *Loader) File() string { return l.shown }

// Current is the policy in force: the last one that was loaded, nil before the
// first.
func (l *Loader) Current() *Loaded { return l.current.Load() }

// Failure is why the latest attempt to load failed, nil if it did not. With a failure,
// the file is not what is in force.
func (l *Loader) Failure() error {
	if err := l.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// StatesEnd reports whether the policy in force is of a file that states its end, so that one
// that does not is refused in its place.
func (l *Loader) StatesEnd() bool { return l.hadEnd.Load() }

// Load reads the policy and puts it in force. It reports whether the policy has changed.
// On an error the one in force stays.
func (l *Loader) Load() (changed bool, err error) {
	return l.load(context.Background(), l.stored != nil)
}

func (l *Loader) load(ctx context.Context, withStore bool) (changed bool, err error) {
	l.loading.Lock()
	defer l.loading.Unlock()
	defer spareMemory(l.file)()
	defer func() {
		if err != nil {
			l.failure.Store(&err)
		}
	}()

	sources, hasEnd := []config.Source{l.stated}, false
	if l.file != "" {
		var source config.Source
		if l.read, source, err = readStill("policy file", l.file, config.ReadFile); err != nil {
			return false, l.hide(err)
		}
		if err := l.checkEnd(source); err != nil {
			return false, l.hide(err)
		}
		hasEnd = source.HasEnd
		sources = append(sources, source)
	}
	resolver := l.resolver
	resolver.Numbering = l.Numbering.load(l.inForce())
	deck, err := l.Rates.load(l.inForce())
	if err != nil {
		return false, err
	}
	loaded, err := resolver.Compile(sources...)
	if err != nil {
		return false, l.hide(err)
	}
	if deck != nil {
		loaded.Deck, loaded.DeckFile = deck, l.Rates.file
	}
	if err := loaded.checkRates(); err != nil {
		return false, l.hide(err)
	}
	packed, err := loaded.packed(l.resolver.Carriers)
	if err != nil {
		return false, l.hide(err)
	}
	if withStore {
		if packed, err = l.addStore(ctx, resolver, packed, sources); err != nil {
			return false, l.hide(err)
		}
	}
	l.hadEnd.Store(hasEnd)
	// Before the policy is in force: Compare and Review may take a while, and nothing is
	// wrong meanwhile.
	l.failure.Store(nil)
	before := l.Current()
	if before != nil && before.Compiled.Sum == loaded.Compiled.Sum && before.Numbering == loaded.Numbering && before.Deck == loaded.Deck &&
		before.hasStore == packed.hasStore && before.storeVersion() == packed.storeVersion() {
		return false, nil
	}
	l.current.Store(packed)
	l.log(before, loaded, packed)
	return true, nil
}

// inForce is the policy in force, nil if there is none.
func (l *Loader) inForce() *Loaded {
	if current := l.Current(); current != nil || l.Predecessor == nil {
		return current
	}
	return l.Predecessor()
}

// log says which policy is in force now, and how what the files state differs from before.
func (l *Loader) log(before, loaded, inForce *Loaded) {
	fields := []zap.Field{
		zap.String("revision", inForce.Snapshot.Revision()),
		zap.String("file", l.shown),
		zap.Int("accounts", inForce.Accounts),
		zap.Bool("observe", inForce.Snapshot.Observe(time.Now())),
	}
	if before == nil && l.Predecessor != nil {
		before = l.Predecessor()
	}
	if before != nil && before.Compiled.Sum != loaded.Compiled.Sum { // a reload of Caddy may bring the same
		fields = append(fields, zap.String("previous", before.Snapshot.Revision()))
		if l.Compare != nil {
			fields = append(fields, l.Compare(before, loaded)...)
		}
	}
	l.logger.Info("policy loaded", fields...)
	warnings := inForce.Warnings()
	if l.Review != nil {
		warnings = append(warnings, l.Review(loaded)...)
	}
	for _, warning := range warnings {
		l.logger.Warn(warning, zap.String("revision", inForce.Snapshot.Revision()))
	}
}

// checkEnd refuses a file that may be cut off.
func (l *Loader) checkEnd(source config.Source) error {
	switch {
	case source.HasEnd:
		return nil
	case l.Complete:
		return fmt.Errorf(`%s does not state its end, so it may be cut off: `+
			`write "end: true" as its last line, or remove "complete" from the configuration`, l.file)
	case l.hadEnd.Load():
		return fmt.Errorf(`%s does not state its end, as the file in force does, so it may be cut off: `+
			`write "end: true" as its last line, `+
			`or load the configuration again if it is not meant to state its end`, l.file)
	}
	return nil
}

// Reload loads the policy again and logs a failure, once while it stays the same.
func (l *Loader) Reload() (changed bool, err error) {
	before := l.Failure()
	if changed, err = l.Load(); err != nil && (before == nil || before.Error() != err.Error()) {
		l.logger.Error("policy not loaded: the previous one stays in force",
			zap.String("revision", l.Current().Snapshot.Revision()),
			zap.String("file", l.shown),
			zap.Error(err))
	}
	return changed, err
}

// hide removes the path of the file from an error if it was written with a placeholder.
func (l *Loader) hide(err error) error {
	if l.shown == l.file {
		return err
	}
	return &hidden{err, strings.ReplaceAll(err.Error(), l.file, l.shown)}
}

// hidden is an error with another text.
type hidden struct {
	error
	text string
}

func (h *hidden) Error() string { return h.text }

func (h *hidden) Unwrap() error { return h.error }
