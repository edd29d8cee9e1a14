package app

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"go.uber.org/zap"

	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/keys"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/review"
	"github.com/caddy-tollgate/tollgate/policy"
)

// Broker is what handlers with `broker` need: the keys that the gate issues to
// applications, and the carrier's credentials that it puts in their place.
type Broker struct {
	// The key file, which `tollgate key` writes. A relative path is relative to the
	// working directory of the server; in a Caddyfile, to that Caddyfile. The file is
	// watched. Default: only the keys that a store has.
	Keys string `json:"keys,omitzero"`

	// The carrier's credentials, one for each account that keys are for.
	Credentials []CarrierCredential `json:"credentials"`
}

// CarrierCredential is a credential of the carrier's for one account.
type CarrierCredential struct {
	// The account whose requests are made with it: its id at the carrier, or the name that the
	// policy gives it.
	Account string `json:"account"`

	// That account or one of its API keys.
	User string `json:"user"`

	// The auth token or the secret of the API key, as `{env.*}` or `{file.*}`. A file is
	// read again from time to time, so that a new secret takes effect without a reload.
	Secret string `json:"secret"`
}

// errNoKeys is a broker without any place that keys could be in.
var errNoKeys = errors.New(`the broker needs keys: write "keys" and the path of the key file, or keep them in a "store"`)

// check finds mistakes that show before placeholders are resolved. A text that should be
// a placeholder is not repeated: it may be a secret.
func (b *Broker) check(hasStore bool) error {
	if b.Keys == "" && !hasStore {
		return errNoKeys
	}
	if len(b.Credentials) == 0 {
		return errors.New(`the broker needs a carrier credential: write "credential <account> <user> <secret>"`)
	}
	for i := range b.Credentials {
		if err := b.Credentials[i].check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *CarrierCredential) check() error {
	account := c.Account
	if !placeholder.Is(account) && !isOf(policy.AccountID, account) && !config.IsAccountName(carriers.All(), account) {
		return errors.New("a credential begins with the account that it is for: write " + carriers.All().Form(policy.AccountID) +
			", or the name that the policy gives it")
	}
	shown := "account " + account
	if !placeholder.Is(account) && !isOf(policy.AccountID, account) {
		shown = "an account" // what has the form of a name might be a misplaced secret
	}
	if !placeholder.Is(c.User) && !isOf(policy.AccountID, c.User) && !isOf(policy.KeyID, c.User) {
		return fmt.Errorf("the user of %s must be the identifier of the account or of an API key, {env.*} or {file.*}", shown)
	}
	if !placeholder.Is(c.Secret) {
		return fmt.Errorf("the secret of %s must be {env.*} or {file.*}: do not write a secret into a configuration", shown)
	}
	return nil
}

// isOf reports whether a text is an identifier of a kind.
func isOf(kind policy.IdentifierKind, text string) bool {
	_, ok := carriers.All().Canonical(kind, text)
	return ok
}

// broker is the setting, ready for use.
type broker struct {
	keys        *issuedKeys
	credentials *reload.Credentials
	names       *brokeredNames
	logger      *zap.Logger
}

// newBroker loads keys and credentials. Accounts that are named as the policy does must be in
// the policy, unless a store may have them.
func newBroker(stated *Broker, hasStore bool, loaded func() *reload.Loaded, logger *zap.Logger) (*broker, error) {
	if stated == nil {
		return nil, nil
	}
	if err := stated.check(hasStore); err != nil {
		return nil, err
	}
	b := &broker{logger: logger}
	var err error
	if b.keys, err = newIssuedKeys(stated.Keys, loaded, logger); err != nil {
		return nil, err
	}
	credentials := make([]reload.Credential, len(stated.Credentials))
	for i, c := range stated.Credentials {
		credentials[i] = reload.Credential(c)
	}
	if b.credentials, err = reload.LoadCredentials(credentials, carriers.All(), placeholder.ReplaceRegular, logger); err != nil {
		return nil, fmt.Errorf("loading the credentials of the broker: %w", err)
	}
	if b.names, err = newBrokeredNames(credentials, b.credentials, loaded); err != nil {
		return nil, err
	}
	if failed := b.names.current().failed; len(failed) > 0 && !hasStore {
		return nil, fmt.Errorf("loading the credentials of the broker: %w", failed[0])
	}
	return b, nil
}

// warn logs which keys of the file are refused, and which credentials serve no account. By then
// a store was read, or could not be.
func (b *broker) warn(storeWasRead bool) {
	if b == nil || !storeWasRead && b.names.any() {
		return
	}
	for _, err := range b.names.current().failed {
		b.logger.Warn("a credential of the broker serves no account until the policy has it", zap.Error(err))
	}
	unserved := make(map[string]bool)
	for key := range b.keys.current().All() {
		if !b.serves(key.Account) && !unserved[key.Account] {
			unserved[key.Account] = true
			b.logger.Warn("keys of an account without a carrier credential are refused", zap.String("account", key.Account))
		}
	}
}

// BrokeredAccount returns the id of the account that a policy gives a name, at the one
// carrier for which the gate can issue keys.
func BrokeredAccount(snapshot *policy.Snapshot, name string) (string, error) {
	all := carriers.All()
	found, err := review.ResolveAccounts(all, snapshot, name)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, account := range found {
		if _, ok := all.Named(account.Carrier).(carrier.BrokerDenylist); ok {
			ids = append(ids, account.ID)
		}
	}
	switch len(ids) {
	case 0:
		return "", fmt.Errorf("account %s is at no carrier for which the gate can issue keys", name)
	case 1:
		return ids[0], nil
	}
	return "", fmt.Errorf("the gate can issue keys for account %s at several carriers: name it by its id at one, %s", name, strings.Join(ids, " or "))
}

// issued are the keys in force: none without a broker.
func (b *broker) issued() *keys.Set {
	if b == nil {
		return new(keys.Set)
	}
	return b.keys.current()
}

// Of is the carrier's credential for an account, or nil.
func (b *broker) Of(account string) *reload.Issued {
	if b == nil {
		return nil
	}
	if issued := b.credentials.Of(account); issued != nil {
		return issued
	}
	return b.names.of(account)
}

func (b *broker) serves(account string) bool { return b.Of(account) != nil }

// watch keeps keys and credentials up to date until it is stopped.
func (b *broker) watch() (stop func()) {
	if b == nil {
		return func() {}
	}
	stopKeys, stopCredentials := b.keys.watch(), b.credentials.Watch()
	return func() {
		stopKeys()
		stopCredentials()
	}
}

// Learn logs once if the carrier does not accept the credential that replaces the key.
func (b *broker) Learn(account string, issued *reload.Issued, status int) {
	if status == http.StatusUnauthorized && !issued.Rejected.Swap(true) {
		b.logger.Error("the carrier answers 401 to the credential of an account: check that it is still valid",
			zap.String("account", account))
	}
}
