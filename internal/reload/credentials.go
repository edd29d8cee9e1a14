package reload

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/policy"
)

// Credential states the carrier's credential for one account: user and secret of
// Basic authentication. All texts may be placeholders.
type Credential struct {
	Account, User, Secret string
}

// Credentials holds the carrier's credentials, each as it was when it could last be
// read. Nothing of them is in any error or log.
type Credentials struct {
	// PollInterval is how often they are read anew.
	PollInterval time.Duration

	stated  []Credential
	ids     policy.Identifiers
	replace func(text string) (string, error)
	logger  *zap.Logger

	inForce atomic.Pointer[map[string]*Issued]
	failure atomic.Pointer[error]
	// pending are values that were different from those in force the last time.
	pending map[string]string
}

// Issued is a credential in force.
type Issued struct {
	// Authorization is the value of the header.
	Authorization string
	// user is the account or the API key, canonical.
	user string
	// Rejected is set when the carrier has rejected it.
	Rejected atomic.Bool
}

// credentialInterval is how often credentials are read: one that is replaced counts
// when it has been the same twice, within five seconds.
const credentialInterval = 2500 * time.Millisecond

// LoadCredentials reads the credentials, all of which must be there. They are not
// watched yet.
func LoadCredentials(stated []Credential, ids policy.Identifiers, replace func(text string) (string, error), logger *zap.Logger) (*Credentials, error) {
	c := &Credentials{PollInterval: credentialInterval, ids: ids, replace: replace, logger: logger}
	inForce := make(map[string]*Issued)
	for i, s := range stated {
		account, err := replace(s.Account)
		if err != nil {
			return nil, fmt.Errorf("reading the account of credential %d: %w", i+1, err)
		}
		var ok bool
		if s.Account, ok = ids.Canonical(policy.AccountID, account); !ok {
			// What it says might be a secret in the wrong place.
			return nil, fmt.Errorf("the account of credential %d is not an account: write %s", i+1, ids.Form(policy.AccountID))
		}
		if inForce[s.Account] != nil {
			return nil, fmt.Errorf("account %s has two credentials: one serves an account", s.Account)
		}
		issued, err := c.read(s)
		if err != nil {
			return nil, err
		}
		inForce[s.Account] = issued
		c.stated = append(c.stated, s)
	}
	if err := checkUsers(inForce); err != nil {
		return nil, err
	}
	c.inForce.Store(&inForce)
	return c, nil
}

// Of returns the credential for an account, or nil if there is none.
func (c *Credentials) Of(account string) *Issued { return (*c.inForce.Load())[account] }

// Failure is why a credential could not be read the last time, nil if all could.
func (c *Credentials) Failure() error {
	if err := c.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// checkUsers finds a user that stands for two accounts: it is of one of them at
// most.
func checkUsers(credentials map[string]*Issued) error {
	accounts := make(map[string]string)
	for _, account := range slices.Sorted(maps.Keys(credentials)) {
		user := credentials[account].user
		if other, ok := accounts[user]; ok {
			return fmt.Errorf("accounts %s and %s have the same user: one credential serves one account", other, account)
		}
		accounts[user] = account
	}
	return nil
}

// read reads one credential.
func (c *Credentials) read(s Credential) (*Issued, error) {
	user, err := c.replace(s.User)
	if err != nil {
		return nil, fmt.Errorf("reading the user of account %s: %w", s.Account, err)
	}
	secret, err := c.replace(s.Secret)
	if err != nil {
		return nil, fmt.Errorf("reading the secret of account %s: %w", s.Account, err)
	}
	user, secret = strings.TrimSpace(user), strings.TrimSpace(secret)
	id, isAccount := c.ids.Canonical(policy.AccountID, user)
	isKey := false
	if !isAccount {
		id, isKey = c.ids.Canonical(policy.KeyID, user)
	}
	switch {
	case !isAccount && !isKey:
		return nil, fmt.Errorf("the user of account %s is neither an account (%s) nor an API key (%s)",
			s.Account, c.ids.Form(policy.AccountID), c.ids.Form(policy.KeyID))
	case isAccount && id != s.Account:
		return nil, fmt.Errorf("the user of account %s is another account: one credential serves one account", s.Account)
	case !isSecret(secret):
		return nil, fmt.Errorf("the secret of account %s is empty, or is none: it must be one line of ASCII without spaces", s.Account)
	}
	return &Issued{Authorization: "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+secret)), user: id}, nil
}

// isSecret tells whether a text can be a secret of the carrier's.
func isSecret(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return text != ""
}

// Watch reads the credentials from time to time. One that is another than before
// twice in a row, so that a file is not read while it is written, takes effect. One
// that cannot be read stays as it was, which is logged once. Stop ends the watch. It
// does not wait for what is being read, which takes effect no more: a file system
// that hangs would hold up whoever stops.
func (c *Credentials) Watch() (stop func()) {
	quit := make(chan struct{})
	go func() {
		ticker := time.NewTicker(c.PollInterval)
		defer ticker.Stop()
		for {
			select {
			case <-quit:
				return
			case <-ticker.C:
				c.look(quit)
			}
		}
	}()
	return func() { close(quit) }
}

// look reads all credentials once, for nothing if the watch ends meanwhile.
func (c *Credentials) look(quit <-chan struct{}) {
	var failures []error
	var replaced []string
	old, pending := *c.inForce.Load(), make(map[string]string)
	next := maps.Clone(old)
	for _, s := range c.stated {
		issued, err := c.read(s)
		switch {
		case err != nil:
			failures = append(failures, err)
		case issued.Authorization == old[s.Account].Authorization:
		case issued.Authorization != c.pending[s.Account]:
			pending[s.Account] = issued.Authorization
		default:
			next[s.Account] = issued
			replaced = append(replaced, s.Account)
		}
	}
	select {
	case <-quit:
		return
	default:
	}
	if err := checkUsers(next); err != nil {
		failures, next, replaced, pending = append(failures, err), old, nil, c.pending
	}
	c.pending = pending
	for _, account := range replaced {
		c.logger.Info("carrier credential replaced", zap.String("account", account))
	}
	c.inForce.Store(&next)
	err, before := errors.Join(failures...), c.Failure()
	c.failure.Store(&err)
	switch {
	case err != nil && (before == nil || before.Error() != err.Error()):
		c.logger.Error("carrier credential not read: the one before stays in force", zap.Error(err))
	case err == nil && before != nil:
		c.logger.Info("carrier credentials read again")
	}
}
