package routecheck

// Forwarder is a handler that forwards what a gate before it let pass, to where the gate
// says, and nothing else.
type Forwarder interface {
	// IsConfidential reports whether it encrypts, and verifies the server.
	IsConfidential() bool
	// ServerName is the name that it asks for in TLS, or empty for that of the upstream.
	ServerName() string
}

// forwarder returns where requests can come to behind a forwarder: nowhere, since all are
// answered.
func (w *walk) forwarder(where string, f Forwarder, s state) state {
	if s.stale != nil {
		w.fault(faultf(where, "tollgate_forward must not handle requests that a gate has judged, "+
			"after an error or an answer: they may have been refused, or forwarded already. "+
			"Answer them with respond, file_server or tollgate_error, or put another gate before it"))
	}
	if s.judged == nil {
		if s.stale == nil {
			w.fault(faultf(where, "tollgate_forward is not behind a tollgate handler, and forwards nothing else: "+
				"put one before it"))
		}
		return state{}
	}
	w.forwards = true
	if s.judged.change != nil {
		w.fault(s.judged.change)
	}
	for _, gate := range s.judged.gates {
		switch {
		case gate.FixedUpstream() != "":
			w.judgedDials[place(gate.FixedUpstream())] = true
		case gate.Brokered() && !f.IsConfidential():
			w.fault(faultf(where, "behind a gate with broker, tollgate_forward must have "+
				"neither tls_insecure_skip_verify nor tls_except_ports: "+
				"anyone on the network path could read the carrier's credential"))
		}
		if f.ServerName() == "" {
			continue
		}
		w.unplaced[gate] = "tollgate_forward with tls_server_name"
		if gate.FixedUpstream() == "" && streams(gate.Judge()) {
			w.fault(faultf(where, "tollgate_forward has a tls_server_name, and the gate before it is for the product %s, "+
				"whose writes it does not judge: any request could be forwarded as one. Leave the name out, "+
				"or name another product", gate.Judge().Product))
		}
	}
	return state{}
}
