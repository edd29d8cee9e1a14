package caddymodule_test

import (
	"net/http"
	"strings"
	"testing"
)

// The log says of a change whether it was made.
func TestTheLogSaysWhatAChangeOfPermissionsWasAnswered(t *testing.T) {
	const other = "AC00000000000000000000000000000007"
	onVoice := func(request string) string { return strings.Replace(request, "Host: api.", "Host: voice.", 1) }
	update := func(form string) string { return onVoice(post("/v1/DialingPermissions/BulkCountryUpdates", form)) }
	change := update(`UpdateRequest=[{"iso_code":"GB","low_risk_numbers_enabled":true}]`)
	read := func(code string) string {
		return strings.Replace(onVoice(post("/v1/DialingPermissions/Countries/"+code, "")), "POST", "GET", 1)
	}
	for _, c := range []struct {
		name, option, request string
		status                int
		verdict, reason       string
	}{
		{"a change that is made", "permissions_api write", change, 201, "allow", "permission_resource"},
		{"one with a mistake", "permissions_api write", update("UpdateRequest=x"), 400, "deny", "permission_unchanged"},
		{"one that another credential may make", "permissions_api write " + other, change, 403, "deny", "permission_unchanged"},
		{"one for another account", "permissions_api write", update("UpdateRequest=[]&AccountSid=" + other), 404, "deny", "permission_unchanged"},
		{"one that is not a form", "permissions_api write", strings.Replace(change, "application/x-www-form-urlencoded", "application/json", 1), 400, "deny", "content_type"},
		{"one whose form does not decode", "permissions_api write", update("UpdateRequest=%zz"), 400, "deny", "body_undecodable"},
		{"a read", "permissions_api read", read("US"), 200, "allow", "permission_resource"},
		{"a read of what is not there", "permissions_api read", read("XX"), 404, "allow", "permission_resource"},
		{"a read by no one", "permissions_api read", strings.Replace(read("US"), "Authorization: Basic", "X: ", 1), 401, "deny", "credential"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := resourceServer(t, c.option, "")
			s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"voice": {"low_risk": ["US"]}}`)
			line := s.logged(t, c.request)
			if line.Status != c.status || line.Tollgate["verdict"] != c.verdict || line.Tollgate["reason"] != c.reason {
				t.Errorf("status %d, log %v", line.Status, line.Tollgate)
			}
		})
	}
}
