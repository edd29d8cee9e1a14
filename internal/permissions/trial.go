package permissions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"time"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/decode"
	"github.com/caddy-tollgate/tollgate/internal/geoip"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// ErrExists is an account that is to be created, and is there.
var ErrExists = errors.New("it exists already")

// ErrNoGeoIP is a configured database of the countries of addresses that cannot be read.
var ErrNoGeoIP = errors.New("the GeoIP database is not there: state home instead, or try again")

// TrialRequest asks for a trial account, as clients write it. Where the client of the new account
// is says where that is at home.
type TrialRequest struct {
	ID       string            `json:"id" doc:"Its id at its one carrier, or a name of its own with at." example:"ann"`
	At       map[string]string `json:"at,omitempty" doc:"Its ids at carriers, if it has a name of its own."`
	Label    string            `json:"label,omitempty" doc:"What people call it."`
	Parent   string            `json:"parent,omitempty" doc:"The account that it is a subaccount of."`
	Trial    bool              `json:"trial" doc:"Must be true: other accounts are stated by PUT."`
	ClientIP string            `json:"client_ip,omitempty" doc:"The address of the client whose account it is to be. Its country is home. The address is not kept." example:"81.2.69.142"`
	Home     string            `json:"home,omitempty" doc:"The territory that is home, in place of client_ip." example:"GB"`
	Verified []string          `json:"verified,omitempty" nullable:"false" doc:"The numbers that it may call: those that were verified."`
}

// TrialResult is what was made of a request.
type TrialResult struct {
	Result
	// Home of the account.
	Home numbering.Territory
	// GeoIP is the database that has the address there; nil if the home was stated.
	GeoIP *geoip.Metadata
}

// CreateTrial makes a trial account, which must not exist, for the home of a client: it sends
// messages and verifications to low-risk numbers there, and calls those that were verified. The
// document is a TrialRequest in JSON.
func (s *Service) CreateTrial(ctx context.Context, by Caller, terms Terms, document []byte) (TrialResult, error) {
	var asked TrialRequest
	if err := decode.JSON(document, &asked, nil); err != nil {
		return TrialResult{}, reload.Invalid{Cause: fmt.Errorf("reading a request for a trial account: %w", err)}
	}
	id := s.canonical(asked.ID)
	// Before anything is said of the account.
	if err := access.Authorize(by.Principal, access.AccountPut, id); err != nil {
		return TrialResult{}, err
	}
	if err := asked.check(); err != nil {
		return TrialResult{}, err
	}
	made := TrialResult{}
	var err error
	if made.Home, made.GeoIP, err = s.home(&asked); err != nil {
		return TrialResult{}, err
	}
	why := "trial account at home in " + made.Home.String()
	if made.GeoIP != nil {
		why += fmt.Sprintf(", by %s of %s", made.GeoIP.Type, made.GeoIP.Built.Format(time.DateOnly))
	}
	text, err := asked.account(id, made.Home)
	if err != nil {
		return TrialResult{}, err
	}
	o := object{access.AccountPut, store.Account, id, id}
	made.Result, err = s.write(ctx, by, terms.because(why), o, func(before *store.Object) (json.RawMessage, error) {
		if before != nil {
			return nil, fmt.Errorf("creating account %s: %w", id, ErrExists)
		}
		if err := checkHome(s.Policy.Current().Snapshot, asked.member(), made.Home); err != nil {
			return nil, err
		}
		return s.accountDocument(id, text)
	})
	return made, err
}

// verifiedNumber is a whole number in E.164.
var verifiedNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// check finds what is missing, or stated in vain.
func (r *TrialRequest) check() error {
	switch {
	case r.ID == "":
		return mistake("id", "the id of the account is missing")
	case !r.Trial:
		return mistake("trial", "must be true: this creates trial accounts, and others are stated by PUT")
	case r.ClientIP == "" && r.Home == "":
		return mistake("client_ip", "the address of the client is missing: write it, or home and a territory")
	case r.ClientIP != "" && r.Home != "":
		return mistake("home", "client_ip says where home is: leave one of them out")
	}
	for i, number := range r.Verified {
		if !verifiedNumber.MatchString(number) {
			return mistake(fmt.Sprintf("verified[%d]", i), "is not a whole number in E.164, such as +447400123456")
		}
	}
	return nil
}

// member is the one that says where home is.
func (r *TrialRequest) member() string {
	if r.Home != "" {
		return "home"
	}
	return "client_ip"
}

// home finds where the new account is at home. No error has the address: it is personal.
func (s *Service) home(r *TrialRequest) (numbering.Territory, *geoip.Metadata, error) {
	if r.Home != "" {
		t, ok := numbering.ParseTerritory(r.Home)
		if !ok {
			return 0, nil, mistake("home", "unknown territory %q", r.Home)
		}
		return t, nil, nil
	}
	address, err := netip.ParseAddr(r.ClientIP)
	switch {
	case err != nil || address.Zone() != "":
		return 0, nil, mistake("client_ip", "is not an IP address: write one without a port, such as 81.2.69.142 or 2001:4860::1")
	case s.GeoIP == nil:
		return 0, nil, mistake("client_ip", "there is no GeoIP database: write geoip and a file into the global tollgate block, or state home instead")
	}
	database := s.GeoIP()
	if database == nil {
		return 0, nil, ErrNoGeoIP
	}
	code, err := database.Country(address)
	if err != nil {
		return 0, nil, mistake("client_ip", "%v: state home instead", err)
	}
	t, ok := numbering.ParseTerritory(code)
	if !ok {
		return 0, nil, mistake("client_ip", "the address is in %s, which has no telephone numbers of its own: state home instead", code)
	}
	metadata := database.Metadata()
	return t, &metadata, nil
}

// checkHome refuses a home that a trial account would not reach, or that the carrier opens by
// request: a home counts as opened, and no one has asked.
func checkHome(snapshot *policy.Snapshot, member string, home numbering.Territory) error {
	for _, channel := range []policy.Channel{policy.Messaging, policy.Voice} {
		if unsupported := snapshot.Unsupported(channel); unsupported.Has(home) {
			return mistake(member, "the carrier does not serve %s on the channel %s", home, channel)
		}
	}
	if byRequest := snapshot.ByRequest(); byRequest.Has(home) {
		return mistake(member, "the carrier opens calls to %s by request only: state the account by PUT once it has", home)
	}
	return nil
}

// account is the account that is asked for. Its home is for all sends that it does not state, and
// for verifications another set may be stated above it.
func (r *TrialRequest) account(id string, home numbering.Territory) ([]byte, error) {
	code := home.String()
	a := config.Account{
		ID: id, At: r.At, Label: r.Label, Parent: r.Parent, Home: config.Territory(code), Trial: append(config.Numbers{}, r.Verified...),
		Verify: &config.Verify{Messaging: config.Territories{code}, Voice: &config.Voice{LowRisk: config.Territories{code}}},
	}
	text, err := json.Marshal(&a)
	if err != nil {
		return nil, fmt.Errorf("writing account %s: %w", id, err)
	}
	return text, nil
}
