package twilio

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/caddy-tollgate/tollgate/audit/refusals"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
	"github.com/caddy-tollgate/tollgate/policy"
	"github.com/caddy-tollgate/tollgate/store"
)

// alertsPath is where the alerts are, and alertLetters what their SIDs begin with.
const (
	alertsPath   = "/v1/Alerts"
	alertLetters = "NO"
)

// alertFilter selects the refusals that a request for alerts asks for.
type alertFilter struct {
	from  time.Time
	to    time.Time
	level string
	code  int // 0 for all
	// alone says that a filter is used which the carrier does not have, so that the gate alone
	// answers.
	alone bool
}

func (f *alertFilter) selects(r *refusals.Refusal) bool {
	return r.Answered == "" && (f.level == "" || levelOf(r) == f.level) && (f.code == 0 || errorOf(r).Code == f.code)
}

// readAlertFilter reads the filters of a request.
func readAlertFilter(r *Request) (f alertFilter, refused *Answer) {
	_, f.alone = NamedAccount(r.Query, nil)
	if f.from, f.to, refused = timesOf(r); refused != nil {
		return f, refused
	}
	f.level = r.Query.Get("LogLevel")
	text := r.Query.Get("ErrorCode")
	if text == "" {
		return f, nil
	}
	code, err := strconv.Atoi(text)
	if err != nil || code < 1 {
		refusal := invalid("ErrorCode: %q is not the number of an error, such as 21408", text)
		return f, &refusal
	}
	f.code, f.alone = code, true
	return f, nil
}

// A request reads so many refusals at most, several times: what an attack left may be millions.
// A page on which there was less to show has a link to the next one.
const (
	refusalsAtOnce = 1000
	mostReads      = 10
)

// find returns a page of refusals, and the ID behind which the next one begins, empty after the
// last.
func (s *Resources) find(ctx context.Context, r *Request, f *alertFilter, p *recordPage) (found []refusals.Refusal, next string, err error) {
	if f.level != "" && f.level != errorLevel && f.level != warningLevel {
		return nil, "", nil
	}
	q := store.RefusalQuery{RefusalFilter: store.RefusalFilter{Account: r.Account.ID, From: f.from, To: f.to}, Before: p.after, Limit: p.size + 1}
	for range mostReads {
		read, err := s.Service.Refusals(ctx, r.Caller, q)
		if err != nil {
			return nil, "", err
		}
		for i := range read {
			if !f.selects(&read[i]) {
				continue
			}
			if len(found) == p.size {
				return found, found[p.size-1].ID, nil
			}
			found = append(found, read[i])
		}
		if len(read) < q.Limit {
			return found, "", nil
		}
		q.Before, q.Limit = read[len(read)-1].ID, refusalsAtOnce
	}
	return found, q.Before, nil
}

func (s *Resources) listAlerts(ctx context.Context, r *Request, _ string) Answer {
	p, isCarriers, refused := readRecordPage(r)
	switch {
	case isCarriers || s.Service == nil:
		return Answer{FromCarrier: true}
	case refused != nil:
		return *refused
	}
	if _, ok := cutSID(alertLetters+p.after, alertLetters); p.after != "" && !ok {
		return *refusedPage()
	}
	f, refused := readAlertFilter(r)
	if refused != nil {
		return *refused
	}
	found, next, err := s.find(ctx, r, &f, &p)
	switch {
	case err != nil:
		return s.failed(err)
	case len(found) == 0 && next == "" && p.after == "" && !f.alone:
		return Answer{FromCarrier: true}
	}
	all := make([]alert, len(found))
	for i := range found {
		all[i] = alertOf(r, &found[i])
	}
	return answer(http.StatusOK, map[string]any{"alerts": all, "meta": p.meta(r, "alerts", next, f.alone)})
}

// alert answers one refusal. One that the gate does not have is the carrier's.
func (s *Resources) alert(ctx context.Context, r *Request, sid string) Answer {
	id, ok := cutSID(sid, alertLetters)
	if !ok || s.Service == nil {
		return Answer{FromCarrier: true}
	}
	found, err := s.Service.Refusal(ctx, r.Caller, r.Account.ID, id)
	switch {
	case errors.Is(err, permissions.ErrNotFound), err == nil && found.Answered != "":
		return Answer{FromCarrier: true}
	case errors.Is(err, access.ErrDenied):
		return notFound(r)
	case err != nil:
		return s.failed(err)
	}
	whole := wholeAlert{alert: alertOf(r, &found)}
	if found.RequestID != "" && found.Outcome == policy.Deny.String() {
		header := "Twilio-Request-Id=" + found.RequestID
		whole.ResponseHeaders = &header
	}
	return answer(http.StatusOK, whole)
}

// alert is an alert in Twilio's shape. What the gate does not record is null.
type alert struct {
	AccountSid    string  `json:"account_sid"`
	Text          string  `json:"alert_text"`
	APIVersion    *string `json:"api_version"`
	DateCreated   string  `json:"date_created"`
	DateGenerated string  `json:"date_generated"`
	DateUpdated   string  `json:"date_updated"`
	ErrorCode     string  `json:"error_code"`
	LogLevel      string  `json:"log_level"`
	MoreInfo      string  `json:"more_info"`
	RequestMethod *string `json:"request_method"`
	RequestURL    *string `json:"request_url"`
	ResourceSid   *string `json:"resource_sid"`
	ServiceSid    *string `json:"service_sid"`
	Sid           string  `json:"sid"`
	URL           string  `json:"url"`
}

// wholeAlert is one that is asked for by its SID.
type wholeAlert struct {
	alert
	RequestHeaders   *string `json:"request_headers"`
	RequestVariables *string `json:"request_variables"`
	ResponseBody     *string `json:"response_body"`
	ResponseHeaders  *string `json:"response_headers"`
}

func alertOf(r *Request, refusal *refusals.Refusal) alert {
	at, e := refusal.Time.UTC().Format(time.RFC3339), errorOf(refusal)
	return alert{
		AccountSid: r.Subject.Account(), Text: alertText(refusal, e), DateCreated: at, DateGenerated: at, DateUpdated: at,
		ErrorCode: strconv.Itoa(e.Code), LogLevel: levelOf(refusal), MoreInfo: pageOf(e),
		Sid: alertLetters + refusal.ID, URL: r.url(alertsPath + "/" + alertLetters + refusal.ID),
	}
}

// Twilio's words for what became of a request: it was refused, or only monitored.
const (
	errorLevel   = "error"
	warningLevel = "warning"
)

func levelOf(r *refusals.Refusal) string {
	if r.Outcome == policy.Deny.String() {
		return errorLevel
	}
	return warningLevel
}
