package live

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
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
	// Rejected is set when the carrier has rejected it.
	Rejected atomic.Bool
}

// credentialInterval is how often credentials are read: one that is replaced counts
// when it has been the same twice, within five seconds.
const credentialInterval = 2500 * time.Millisecond

// LoadCredentials reads the credentials, all of which must be there. They are not
// watched yet. The SID of an account is compared in either letter case.
func LoadCredentials(stated []Credential, replace func(text string) (string, error), logger *zap.Logger) (*Credentials, error) {
	c := &Credentials{PollInterval: credentialInterval, replace: replace, logger: logger}
	inForce := make(map[string]*Issued)
	for i, s := range stated {
		account, err := replace(s.Account)
		if err != nil {
			return nil, fmt.Errorf("reading the account of credential %d: %w", i+1, err)
		}
		s.Account = policy.CanonicalSID(account)
		if !policy.IsSID(s.Account) || !strings.HasPrefix(s.Account, "AC") {
			// What it says might be a secret in the wrong place.
			return nil, fmt.Errorf("the account of credential %d is no account: write AC and 32 hexadecimal digits", i+1)
		}
		if inForce[s.Account] != nil {
			return nil, fmt.Errorf("account %s has two credentials: one serves an account", s.Account)
		}
		authorization, err := c.read(s)
		if err != nil {
			return nil, err
		}
		inForce[s.Account] = &Issued{Authorization: authorization}
		c.stated = append(c.stated, s)
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

// read reads one credential, as the value of the header.
func (c *Credentials) read(s Credential) (string, error) {
	user, err := c.replace(s.User)
	if err != nil {
		return "", fmt.Errorf("reading the user of account %s: %w", s.Account, err)
	}
	secret, err := c.replace(s.Secret)
	if err != nil {
		return "", fmt.Errorf("reading the secret of account %s: %w", s.Account, err)
	}
	user, secret = strings.TrimSpace(user), strings.TrimSpace(secret)
	sid := policy.CanonicalSID(user)
	switch {
	case !policy.IsSID(sid) || !strings.HasPrefix(sid, "AC") && !strings.HasPrefix(sid, "SK"):
		return "", fmt.Errorf("the user of account %s is neither the SID of an account (AC…) nor of an API key (SK…)", s.Account)
	case strings.HasPrefix(sid, "AC") && sid != s.Account:
		return "", fmt.Errorf("the user of account %s is another account: one credential serves one account", s.Account)
	case !isSecret(secret):
		return "", fmt.Errorf("the secret of account %s is empty, or is none: it must be one line of ASCII without spaces", s.Account)
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+secret)), nil
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
// that cannot be read stays as it was, which is logged once. Stop ends the watch
// and waits until it has ended.
func (c *Credentials) Watch() (stop func()) {
	quit := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		ticker := time.NewTicker(c.PollInterval)
		defer ticker.Stop()
		for {
			select {
			case <-quit:
				return
			case <-ticker.C:
				c.look()
			}
		}
	})
	return func() {
		close(quit)
		watching.Wait()
	}
}

// look reads all credentials once.
func (c *Credentials) look() {
	var failures []error
	old, pending := *c.inForce.Load(), make(map[string]string)
	next := maps.Clone(old)
	for _, s := range c.stated {
		authorization, err := c.read(s)
		switch {
		case err != nil:
			failures = append(failures, err)
		case authorization == old[s.Account].Authorization:
		case authorization != c.pending[s.Account]:
			pending[s.Account] = authorization
		default:
			next[s.Account] = &Issued{Authorization: authorization}
			c.logger.Info("carrier credential replaced", zap.String("account", s.Account))
		}
	}
	c.pending = pending
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
