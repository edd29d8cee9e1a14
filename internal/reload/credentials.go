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

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Credential states the carrier's credential for one account: user and secret of
// Basic authentication. All texts may be placeholders. The account may be the name that a
// policy gives it.
type Credential struct {
	Account, User, Secret string
}

// Credentials holds the carrier's credentials, each as it was last read without an error.
// No error or log contains them.
type Credentials struct {
	// PollInterval is how often they are read again.
	PollInterval time.Duration

	stated  []Credential
	ids     policy.Identifiers
	replace func(text string) (string, error)
	logger  *zap.Logger

	current atomic.Pointer[map[string]*Issued]
	failure atomic.Pointer[error]
	// pending are values that differed from those in force at the last poll.
	pending map[string]string
}

// Issued is a credential in force.
type Issued struct {
	// Authorization is the value of the header.
	Authorization string
	// user is the account or the API key, canonical.
	user string
	// account is what user is, empty if it is an API key.
	account string
	// Rejected is set when the carrier has rejected it.
	Rejected atomic.Bool
}

// CheckFor returns an error if it is another account's than the one with an id.
func (i *Issued) CheckFor(account string) error {
	if i.account != "" && i.account != account {
		return fmt.Errorf("the user of account %s is another account: one credential serves one account", account)
	}
	return nil
}

// credentialInterval is how often credentials are read. A new one takes effect when it
// has been the same twice, within five seconds.
const credentialInterval = 2500 * time.Millisecond

// LoadCredentials reads the credentials, which must all exist. They are not watched yet.
func LoadCredentials(stated []Credential, ids policy.Identifiers, replace func(text string) (string, error), logger *zap.Logger) (*Credentials, error) {
	c := &Credentials{PollInterval: credentialInterval, ids: ids, replace: replace, logger: logger}
	inForce := make(map[string]*Issued)
	for i, s := range stated {
		account, err := replace(s.Account)
		if err != nil {
			return nil, fmt.Errorf("reading the account of credential %d: %w", i+1, err)
		}
		if id, ok := ids.Canonical(policy.AccountID, account); ok {
			s.Account = id
		} else if s.Account = account; !config.IsAccountName(ids, account) {
			// Its text might be a misplaced secret.
			return nil, fmt.Errorf("the account of credential %d is not an account: write %s", i+1, ids.Form(policy.AccountID))
		}
		if inForce[s.Account] != nil {
			return nil, fmt.Errorf("account %s has two credentials: write one alone", s.Account)
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
	c.current.Store(&inForce)
	return c, nil
}

// Of returns the credential for an account, as it is stated: by its id or its name. It is nil
// if there is none.
func (c *Credentials) Of(account string) *Issued { return (*c.current.Load())[account] }

// Failure is why a credential could not be read at the last poll, nil if all could.
func (c *Credentials) Failure() error {
	if err := c.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// checkUsers finds a user that is stated for two accounts: it belongs to one of them at
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
	case !isSecret(secret):
		return nil, fmt.Errorf("the secret of account %s is empty or malformed: it must be one line of ASCII without spaces", s.Account)
	}
	issued := &Issued{Authorization: "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+secret)), user: id}
	if isAccount {
		issued.account = id
	}
	if _, isID := c.ids.Canonical(policy.AccountID, s.Account); isID {
		return issued, issued.CheckFor(s.Account)
	}
	return issued, nil // whose name it is, the policy says
}

// isSecret reports whether a text can be a secret of the carrier's.
func isSecret(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return text != ""
}

// Watch polls the credentials. A new value takes effect once it has been read twice in a
// row, so that a file is not read while it is written. One that cannot be read stays as
// it was, which is logged once. Stop ends the watch. It does not wait for a poll that is
// under way, which no longer takes effect: a file system that hangs would block the
// caller.
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
				c.poll(quit)
			}
		}
	}()
	return func() { close(quit) }
}

// poll reads all credentials once. The result is dropped if the watch ends meanwhile.
func (c *Credentials) poll(quit <-chan struct{}) {
	var failures []error
	var replaced []string
	old, pending := *c.current.Load(), make(map[string]string)
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
	c.current.Store(&next)
	err, before := errors.Join(failures...), c.Failure()
	c.failure.Store(&err)
	switch {
	case err != nil && (before == nil || before.Error() != err.Error()):
		c.logger.Error("carrier credential not read: the previous one stays in force", zap.Error(err))
	case err == nil && before != nil:
		c.logger.Info("carrier credentials read again")
	}
}
