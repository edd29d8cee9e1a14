package handler

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/caddy-tollgate/tollgate/caddymodule/errorhandler"
	"github.com/caddy-tollgate/tollgate/caddymodule/transport"
	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/internal/gate"
)

// settle does to what a request reserved of limits what the carrier's answer means, once the request
// is over, and counts what was sent and not reserved: that of a credential which a check has
// rejected, if the carrier says that it was sent. The status is that of the answer that was passed
// on, if there was one.
//
// Where nothing was sent, nothing counts. Of what ended in an error of the carrier's own, or without
// an answer, that is unknown: it counts, and a call after such an error for as long as it may ring.
func (h *Handler) settle(r *http.Request, d *gate.Decision, status int, err error) {
	if rejects(status) || status < http.StatusOK && isUnsent(r, d, err) {
		d.GiveBack()
		return
	}
	if passed := transport.PassedOf(r); passed.Taken() {
		status = passed.Status // and not that of what the gate itself answers for the carrier
	}
	if accepts(status) {
		d.CountAccepted(time.Now())
	}
	if failed(status) {
		h.gate.FailCalls(d)
	}
}

// accepts reports whether by a status the carrier says that it has sent what it was asked for.
func accepts(status int) bool { return status >= http.StatusOK && status < http.StatusMultipleChoices }

// failed reports whether by a status the carrier says that it could not do what it was asked for. The
// statuses of a proxy before it, which had no answer in time or none that it could read, do not
// say that: 502 and 504.
func failed(status int) bool {
	return status >= http.StatusInternalServerError && status != http.StatusBadGateway && status != http.StatusGatewayTimeout
}

// rejects reports whether by a status the carrier says that it has sent nothing. After an error of
// its own it may have, and whatever a client that went away was sent.
func rejects(status int) bool {
	return status >= http.StatusMultipleChoices && status < http.StatusInternalServerError && status != statusClientGone
}

// statusClientGone is the status of Caddy's proxy for a client that did not wait for the answer.
const statusClientGone = 499

// isUnsent reports whether a request without an answer was not sent. A client that goes away
// once its message is with the carrier ends in an error, too: that one was sent.
func isUnsent(r *http.Request, d *gate.Decision, err error) bool {
	if reason, _ := errorhandler.ReasonOf(err); reason == carrier.UpstreamUnreachable || transport.Unsent(err) {
		return true
	}
	return !transport.PassedOf(r).Taken() && !d.UpstreamRead() && !isOfProxy(err)
}

// isOfProxy reports whether an error may be that of a reverse_proxy with an upstream of its own,
// which has forwarded the request: by its statuses after that.
func isOfProxy(err error) bool {
	var failure caddyhttp.HandlerError
	return errors.As(err, &failure) && slices.Contains([]int{statusClientGone, http.StatusBadGateway, http.StatusGatewayTimeout}, failure.StatusCode)
}
