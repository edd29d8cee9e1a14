package reload

import (
	"errors"
	"fmt"
	"slices"

	"github.com/caddy-tollgate/tollgate/config"
)

// ErrStatedInFile is a change of what a file states.
var ErrStatedInFile = errors.New("a file states it, and the store does not change what files state")

// StatedInFile is an error of the class ErrStatedInFile, with where the account is stated.
type StatedInFile struct{ Account, Place string }

func (s StatedInFile) Error() string {
	return fmt.Sprintf("account %s is stated in %s: %v: change it there", s.Account, s.Place, ErrStatedInFile)
}

// Is reports whether it is of the class.
func (StatedInFile) Is(target error) bool { return target == ErrStatedInFile }

// IsStatedInFile reports whether files state an account, by its own ID, and not the store.
func (p *Loaded) IsStatedInFile(id string) bool {
	snapshot := p.Snapshot
	if p.combined != nil {
		snapshot = p.combined.files.Snapshot
	}
	_, defined := snapshot.At(id)
	return defined
}

// FileAccount is an account that files state.
type FileAccount struct {
	// Account as it was written: the value of a placeholder may be secret.
	config.Account
	// Place is the file and the line; in words if no file says where.
	Place string
}

// FileAccount finds an account that files state in the policy in force.
func (l *Loader) FileAccount(id string) (FileAccount, error) {
	files := l.Current()
	if files.combined != nil {
		files = files.combined.files
	}
	files, err := files.Unpack()
	if err != nil {
		return FileAccount{}, err
	}
	for i := range files.Compiled.Definition.Accounts {
		if files.Compiled.Definition.Accounts[i].ID == id {
			written := files.Document.Accounts[i]
			return FileAccount{written, l.placeOf(written.ID)}, nil
		}
	}
	return FileAccount{}, fmt.Errorf("account %s is not stated in a file", id)
}

// placeOf is where an account is stated, by its ID as it was written.
func (l *Loader) placeOf(id string) string {
	place, _ := l.Places().Find(func(d *config.Document) (string, bool) {
		i := slices.IndexFunc(d.Accounts, func(a config.Account) bool { return a.ID == id })
		return fmt.Sprintf("accounts[%d]", i), i >= 0
	})
	return place
}
