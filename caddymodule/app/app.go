package app

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/caddymodule/auditlog"
	"github.com/caddy-tollgate/tollgate/caddymodule/carriers"
	"github.com/caddy-tollgate/tollgate/caddymodule/placeholder"
	"github.com/caddy-tollgate/tollgate/caddymodule/routecheck"
	"github.com/caddy-tollgate/tollgate/caddymodule/telemetry"
	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/counters"
	"github.com/caddy-tollgate/tollgate/internal/feed"
	"github.com/caddy-tollgate/tollgate/internal/gate"
	"github.com/caddy-tollgate/tollgate/internal/holds"
	"github.com/caddy-tollgate/tollgate/internal/openings"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/internal/reload"
	"github.com/caddy-tollgate/tollgate/internal/tail"
	"github.com/caddy-tollgate/tollgate/limits"
	"github.com/caddy-tollgate/tollgate/limits/redis"
	"github.com/caddy-tollgate/tollgate/policy"
)

func init() {
	caddy.RegisterModule(App{})
}

// App holds the policy: which account may send messages and place calls to
// which territories. Every `tollgate` handler of the configuration judges by
// it.
//
// Values may hold the placeholders `{env.*}` and `{file.*}`. A policy with a
// mistake does not load, and the running one stays.
type App struct {
	// A policy file, in YAML or JSON, whose statements are added to those made here. A
	// relative path is relative to the working directory of the server; in a Caddyfile,
	// to that Caddyfile. The file is watched: when it changes, the policy is loaded again
	// as a whole. A policy with a mistake leaves the one in force as it is.
	PolicyFile string `json:"policy_file,omitzero"`

	// The policy file must state its end, or it is refused as one that may be cut off.
	// Without it, a file must if the one in force does.
	PolicyFileComplete bool `json:"policy_file_complete,omitzero"`

	// A file of numbering data, newer than those that are built in.
	Numbering *NumberingData `json:"numbering,omitempty"`

	// A database of the countries of addresses, for trial accounts.
	GeoIP *GeoIP `json:"geoip,omitempty"`

	// What the carrier charges, for price_limit and for limits of spend.
	Rates *Rates `json:"rates,omitempty"`
	// Lists of number ranges that others keep.
	Feeds []Feed `json:"feeds,omitempty"`

	// The keys that the gate issues to applications, and the carrier's credentials
	// that it puts in their place, for handlers with `broker`.
	Broker *Broker `json:"broker,omitempty"`

	// For how long, and in how much memory, request bodies are held while they are
	// judged.
	RequestBodies *RequestBodies `json:"request_bodies,omitempty"`

	// Modules, by their IDs, that may be between a gate and what forwards although only
	// you know that they leave requests as they are, such as `http.handlers.rate_limit`.
	TrustedModules []string `json:"trusted_modules,omitempty"`

	// Where permissions are kept that may be changed while the gate runs.
	Store *Store `json:"store,omitempty"`

	// Where it is counted how much was sent, for limits. Default: in the memory of this gate.
	Counters *Counters `json:"counters,omitempty"`

	// How refusals get into the store. With a store, they always do.
	Audit *Audit `json:"audit,omitempty"`

	// Who may change what the store keeps, through `tollgate_api`.
	Administrators *access.Administrators `json:"administrators,omitempty"`

	// The rules by which accounts are opened for a time, through `tollgate_api`.
	Openings *openings.Settings `json:"openings,omitempty"`

	// A log of the gate's own. Each line is written before the request is forwarded.
	AuditLog *auditlog.AuditLog `json:"audit_log,omitempty"`

	Notices
	config.Document

	// gates are all handlers that judge by the policy.
	gates   []routecheck.Gate
	checked readiness
	loader  *reload.Loader
	store   *storeUse
	// refusals are nil without a store.
	refusals *refusalUse
	// geoip is nil unless it is stated.
	geoip *reload.GeoIPFile
	// feeds are nil unless they are stated.
	feeds *feed.Feeds
	// heads are nil unless they are stated.
	heads *headUse
	// permissions changes the store; nil without one.
	permissions *permissions.Service
	api         http.Handler // without a store, it is asked of holds alone
	// administrators have no placeholders any more.
	administrators *access.Administrators

	audit  *auditlog.Log
	broker *broker
	// counters are nil before the app is provisioned.
	counters gate.Counters
	// sharedCounters are the same, nil where no other gate has them.
	sharedCounters *redis.Counters
	// keptCounters are the same, nil where no store keeps them.
	keptCounters *counters.Kept
	countersKey  string
	holds        *limits.Holds
	sent         *gate.SentMessages
	holdsKey     string
	// heldByAll tells other gates what is held, by the store or the counters; stopHolds ends that.
	heldByAll *holds.Exchange
	stopHolds func()
	// incidents are nil before the app is provisioned.
	incidents *incidentUse
	// tail tells those who follow decisions.
	tail *tail.Tail

	announcer telemetry.Announcer
	announced *announcedModes
	deadlines *deadlines

	bounds gate.Bounds
	// full and changed limit how often these are logged.
	full, changed *rate.Limiter
	stopWatch     []func()
	ctx           caddy.Context
	// generation is greater than that of every app that was provisioned before.
	generation int64
}

// CaddyModule returns the Caddy module information.
func (App) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "tollgate",
		New: func() caddy.Module { return new(App) },
	}
}

// Provision loads the policy, and the keys and credentials of the broker. It needs
// no network.
func (a *App) Provision(ctx caddy.Context) error {
	a.ctx, a.generation = ctx, generations.Add(1)
	a.checked, a.tail = newReadiness(), new(tail.Tail)
	if err := routecheck.CheckTrusted(a.TrustedModules); err != nil {
		return err
	}
	var err error
	if a.bounds, err = a.RequestBodies.provision(); err != nil {
		return fmt.Errorf("request_bodies: %w", err)
	}
	a.full, a.changed = rate.NewLimiter(repeatRate, 1), rate.NewLimiter(repeatRate, 1)
	if a.loader, err = a.Loader(ctx.Logger()); err != nil {
		return err
	}
	a.loader.Predecessor, a.loader.Compare, a.loader.Review = inForce, differenceFields, wideRulesLogged
	if a.geoip, err = a.GeoIP.provision(ctx.Logger()); err != nil {
		return fmt.Errorf("geoip: %w", err)
	}
	if a.store, err = a.Store.provision(); err != nil {
		return err
	}
	if a.refusals, err = a.Audit.provision(a.store); err != nil {
		return err
	}
	if a.Audit != nil {
		if a.heads, err = a.Audit.Head.provision(a.store); err != nil {
			return fmt.Errorf("audit: %w", err)
		}
	}
	a.administrators = new(access.Administrators) // no one
	if a.Administrators != nil {
		if a.administrators, err = a.Administrators.Replaced(placeholder.Replace); err != nil {
			return fmt.Errorf("administrators: %w", err)
		}
	}
	if err := a.provisionCounters(); err != nil {
		return fmt.Errorf("counters: %w", err)
	}
	rules, err := a.openingRules()
	if err != nil {
		return fmt.Errorf("openings: %w", err)
	}
	if a.store != nil {
		a.permissions = a.service(rules)
		a.api = api.New(a.permissions)
		err = a.loadStored()
	} else {
		a.api = api.NewWithoutStore(a.serviceWithoutStore(), errNoStore)
		_, err = a.loader.Load()
	}
	if err != nil {
		return err
	}
	if err := a.provisionFeeds(); err != nil {
		return err
	}
	if a.broker, err = newBroker(a.Broker, a.store != nil, a.loader.Current, ctx.Logger()); err != nil {
		return err
	}
	if a.announcer, err = telemetry.NewAnnouncer(ctx); err != nil {
		return err
	}
	a.announced = new(announcedModes)
	a.deadlines = &deadlines{
		timed:    func() []policy.Timed { return a.loader.Current().Snapshot.Timed() },
		announce: a.announceDeadline,
	}
	if err := errors.Join(a.announcer.OnStart(a.started), a.announcer.OnStop(a.tail.End)); err != nil {
		return err
	}
	if err := a.loadIncidents(); err != nil {
		return err
	}
	if a.AuditLog != nil {
		if a.audit, err = a.AuditLog.Provision(ctx); err != nil {
			return err
		}
	}
	return telemetry.RegisterMetrics(ctx.GetMetricsRegistry(), bodyMemory, policyCollector{a.loader}, brokerCollector{a.broker}, refusalCollector{a.refusals}, counterCollector{a.sharedCounters}, geoIPCollector{a.geoip}, ratesCollector{a.loader}, feedCollector{a.feeds}, incidentCollector{a.incidents.watch}, holdCollector{a.holds})
}

// Loader returns what loads the policy that the app states.
func (a *App) Loader(logger *zap.Logger) (*reload.Loader, error) {
	if a.PolicyFileComplete && a.PolicyFile == "" {
		return nil, errors.New("policy_file_complete needs a policy file: name it in policy_file")
	}
	loader, err := reload.NewLoader(Resolver(), a.PolicyFile, a.Document, logger)
	if err != nil {
		return nil, err
	}
	loader.Complete = a.PolicyFileComplete
	if a.Numbering != nil {
		loader.Numbering, err = Resolver().NewNumberingFile(a.Numbering.File, a.Numbering.SHA256, logger)
		if err != nil {
			return nil, err
		}
	}
	if a.Rates != nil {
		if loader.Rates, err = Resolver().NewRatesFile(a.Rates.File, logger); err != nil {
			return nil, err
		}
	}
	return loader, nil
}

// Start checks what only the whole configuration shows, and begins to watch the
// files. The policy is ready since it was provisioned, so no request ever
// waits for it.
func (a *App) Start() error {
	err := routecheck.CheckServers(a.ctx, a.TrustedModules, a.gates)
	if err == nil {
		a.startStore() // requests wait for it
		a.startCounters()
		a.startHolds()
		a.startRefusals()
	}
	a.checked.settle(err == nil)
	if err != nil {
		return err
	}
	if a.audit != nil {
		if err := a.audit.Open(); err != nil {
			return err
		}
	}
	a.broker.warn(!a.loader.NeedsStore())
	a.stopWatch = []func(){a.broker.watch(), a.loader.Watch(func() error {
		_, err := a.reload()
		return err
	}), a.watchGeoIP(), a.feeds.Watch()}
	a.inheritAnnounced()
	a.startHeads()
	running.begin(a)
	return nil
}

// started is called once all of the configuration has started.
func (a *App) started() {
	a.announceModes()
	a.deadlines.start()
}

// Stop ends the watch over the files and the deadlines.
func (a *App) Stop() error {
	running.end(a)
	a.deadlines.stop()
	a.checked.settle(false) // if it was never started
	a.leaveIncidents()
	a.stopRefusals()
	a.stopHeads()
	if a.stopHolds != nil {
		a.stopHolds()
	}
	a.stopStore()
	for _, stop := range a.stopWatch {
		stop()
	}
	return nil
}

// Cleanup releases the writer of the audit log, which another configuration may use.
func (a *App) Cleanup() error {
	err := errors.Join(a.writeLastCounters(), a.releaseRefusals(), a.releaseStore(), a.releaseCounters(), a.releaseIncidents())
	if a.audit == nil {
		return err
	}
	return errors.Join(err, a.audit.Release())
}

// reload loads the policy again.
func (a *App) reload() (changed bool, err error) {
	if changed, err = a.loader.Reload(); err != nil {
		telemetry.ReloadFailures.Inc()
	}
	if changed {
		a.policyChanged()
	}
	return changed, err
}

// policyChanged announces what another policy changes.
func (a *App) policyChanged() {
	a.announceModes()
	a.deadlines.policyChanged()
}

// Resolver resolves the texts of a policy under Caddy: with the placeholders {env.*} and
// {file.*}, and identifiers and senders as the registered carriers write them.
func Resolver() reload.Resolver {
	return reload.Resolver{Replace: placeholder.Replace, Carriers: carriers.All()}
}

// Explainer returns a function that makes a gate for a carrier, to explain verdicts by the
// given rules. No request passes such a gate.
func Explainer(rules *gate.Rules) func(carrier string) *gate.Gate { return new(App).explainer(rules) }

// explainer is Explainer that knows how much of the limits is used.
func (a *App) explainer(rules *gate.Rules) func(carrier string) *gate.Gate {
	all, rules := carriers.All(), a.feeds.With(rules)
	return func(carrier string) *gate.Gate {
		return &gate.Gate{Carrier: all.Named(carrier), Rules: func() *gate.Rules { return rules }, Counters: a.counters, Holds: a.holds, Now: time.Now}
	}
}

// Of returns the app of a configuration, which must have one.
func Of(ctx caddy.Context) (*App, error) {
	app, err := ctx.AppIfConfigured("tollgate")
	if err != nil {
		return nil, fmt.Errorf("loading the policy: %w", err)
	}
	return app.(*App), nil
}

// Interface guards
var (
	_ caddy.App          = (*App)(nil)
	_ caddy.Provisioner  = (*App)(nil)
	_ caddy.CleanerUpper = (*App)(nil)
)
