package reload

import (
	"errors"
	"os"
	"strings"
	"sync"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// configured is where something is stated that no file has a line for.
const configured = "the configuration of the gate"

// Places finds where files state something. A gate that runs needs no places to judge, so the
// policy file is read again for them, once for each policy of which they are asked. All methods may
// be called at once.
type Places struct {
	loader *Loader
	// of is the policy that they are of.
	of *Loaded

	reading sync.Once
	source  config.Source
	err     error
}

// lastPlaces are those that were asked for last.
type lastPlaces struct {
	mu     sync.Mutex
	places *Places
}

// mostRead bounds the size of a policy file that is read for places, in bytes: it stays in memory,
// and reading a larger one takes too long for a request. Of such a file, no lines are known.
const mostRead = 1 << 20

var errTooLong = errors.New("the policy file is too long to find lines in")

// read reads the policy file.
func (p *Places) read() {
	info, err := os.Stat(p.loader.file)
	switch {
	case err != nil:
		p.err = err
	case info.Size() > mostRead:
		p.err = errTooLong
	default:
		_, p.source, p.err = readStill("policy file", p.loader.file, config.ReadFile)
	}
}

// Places returns the places of what the files state in the policy in force.
func (l *Loader) Places() *Places {
	files := l.Current()
	if files.combined != nil {
		files = files.combined.files
	}
	l.places.mu.Lock()
	defer l.places.mu.Unlock()
	if p := l.places.places; p == nil || p.of != files {
		l.places.places = &Places{loader: l, of: files}
	}
	return l.places.places
}

// Find is where files state what is found in one of their documents, by its path there: the file
// and the line, or words if no file says where. Of what is not found, it is the policy file.
func (p *Places) Find(find func(*config.Document) (path string, found bool)) (place string, found bool) {
	placeIn := func(source *config.Source) (text string, found bool) {
		path, found := find(&source.Document)
		if !found {
			return "", false
		}
		at := decode.PositionOf(source.Positions, path)
		if at.File == "" {
			return configured, true
		}
		return at.String(), true
	}
	l := p.loader
	if text, found := placeIn(&l.stated); found || l.file == "" {
		return text, found
	}
	p.reading.Do(p.read)
	if p.err != nil {
		return l.shown, false // it was there, and valid, when it was loaded
	}
	if text, found := placeIn(&p.source); found {
		return strings.ReplaceAll(text, l.file, l.shown), true
	}
	return l.shown, false
}
