package caddymodule_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// changed is a gate whose account acme was changed by an administrator, and by itself.
func changed(t *testing.T, store string) *storeServer {
	t.Helper()
	s := monitoredBy(t, monitorStores[store](t), "permissions_api write", "")
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+acme, `{"messaging": ["US"], "voice": {"low_risk": ["US", "DE"]}}`)
	s.must(t, http.StatusCreated, "PUT", "/accounts/"+child, `{"messaging": ["FR"]}`)
	if status, body := s.update(t, acme, `[{"iso_code": "DE", "low_risk_numbers_enabled": false}, {"iso_code": "GB", "high_risk_special_numbers_enabled": true}]`); status != http.StatusCreated {
		t.Fatalf("it is answered %d %v", status, body)
	}
	item := `{"country_code":"GG","type":"country","enabled":true}`
	if status, body := s.resource(t, acme, "PATCH", "accounts", "/v1/Messaging/GeoPermissions", url.Values{"Permissions": {item}}); status != http.StatusOK {
		t.Fatalf("it is answered %d %v", status, body)
	}
	s.must(t, http.StatusOK, "PUT", "/accounts/"+acme, `{"messaging": ["US"], "verify": {"messaging": ["US"], "voice": {"low_risk": ["US"]}}}`)
	return s
}

// typesOf are the types of events, with what they say of countries.
func typesOf(t *testing.T, events []map[string]any) (types []string) {
	t.Helper()
	for _, e := range events {
		text, err := json.Marshal(e["event_data"].(map[string]any)["resource_properties"])
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, e["event_type"].(string)+" "+string(text))
	}
	return types
}

func TestChangesOfPermissionsAreEventsBeforeThoseOfTheCarrier(t *testing.T) {
	for name := range monitorStores {
		t.Run(name, func(t *testing.T) { testEventsBeforeThoseOfTheCarrier(t, changed(t, name)) })
	}
}

func testEventsBeforeThoseOfTheCarrier(t *testing.T, s *storeServer) {
	const off, on = `{"previous":"enabled","updated":"disabled"}`, `{"previous":"disabled","updated":"enabled"}`
	want := []string{
		`sms-geographic-permissions.updated {"guernsey":` + off + `}`,
		`voice-geographic-permissions.deleted {"united kingdom (high_risk_special)":` + off + `,"united states/canada (low_risk)":` + off + `}`,
		`verify-geo-permissions-sms.updated {"united states":` + on + `}`,
		`verify-geo-permissions-voice.updated {"united states/canada (low_risk)":` + on + `}`,
		`sms-geographic-permissions.updated {"guernsey":` + on + `}`,
		`voice-geographic-permissions.updated {"germany (low_risk)":` + off + `,"united kingdom (high_risk_special)":` + on + `}`,
		`sms-geographic-permissions.updated {"united states":` + on + `}`,
		`voice-geographic-permissions.created {"germany (low_risk)":` + on + `,"united states/canada (low_risk)":` + on + `}`,
	}
	const path = "/v1/Events?PageSize=3"
	all, next := s.listed(t, acme, "events", path)
	if got := typesOf(t, all); !slices.Equal(got, want) {
		t.Errorf("the events are\n%s\nand not\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := s.upstream.asked(); len(got) != 0 {
		t.Errorf("the carrier was asked %q", got)
	}
	s.resource(t, acme, "GET", "monitor", next, nil)
	if got := s.upstream.asked(); !slices.Equal(got, []string{path}) {
		t.Errorf("the carrier is asked %q", got)
	}
	own := all[len(all)-3]
	for member, want := range map[string]any{
		"account_sid": acme, "resource_sid": acme, "resource_type": "voice-geographic-permissions",
		"actor_sid": acme, "actor_type": "account", "source": "api", "source_ip_address": "127.0.0.1", "description": nil,
	} {
		if own[member] != want {
			t.Errorf("%s is %v and not %v", member, own[member], want)
		}
	}
	if others := all[0]; others["actor_type"] != "user" || others["actor_sid"] != nil || others["source_ip_address"] != nil {
		t.Errorf("an administrator is %v", others)
	}
	for _, e := range all {
		status, body := s.resource(t, acme, "GET", "monitor", strings.TrimPrefix(e["url"].(string), "http://monitor.twilio.com"), nil)
		if status != http.StatusOK || body["event_type"] != e["event_type"] || body["sid"] != e["sid"] {
			t.Errorf("%v is answered %d %v", e["sid"], status, body)
		}
	}
}

func TestEventsAreSelected(t *testing.T) {
	s := changed(t, "sqlite")
	day := time.Now().UTC().Format(time.DateOnly)
	for query, want := range map[string]int{
		"?ActorSid=" + acme: 2, "?EventType=sms-geographic-permissions.updated": 3, "?EventType=voice-geographic-permissions.created": 1,
		"?ResourceSid=" + acme: 8, "?SourceIpAddress=127.0.0.1": 2, "?StartDate=" + day + "&EndDate=" + day: 8,
		"?EventType=sms-geographic-permissions.updated&PageSize=1": 3, "?StartDate=" + day + "&ActorSid=" + acme: 2,
	} {
		if all, _ := s.listed(t, acme, "events", "/v1/Events"+query); len(all) != want {
			t.Errorf("%s has %d events and not %d", query, len(all), want)
		}
	}
	for _, query := range []string{
		"?ActorSid=" + acme + "&EventType=sms-geographic-permissions.updated", "?StartDate=now", "?Page=2", "?PageSize=x", "?PageToken=tollgate-1",
	} {
		if status, body := s.resource(t, acme, "GET", "monitor", "/v1/Events"+query, nil); status != http.StatusBadRequest {
			t.Errorf("%s is answered %d %v", query, status, body)
		}
	}
	if got := s.upstream.asked(); len(got) != 0 {
		t.Errorf("the carrier was asked %q", got)
	}
}

func TestEventsThatAreNotTheGatesAreTheCarriers(t *testing.T) {
	s := changed(t, "sqlite")
	for _, target := range []string{
		"/v1/Events?EventType=phone-number.created", "/v1/Events?ActorSid=US00000000000000000000000000000001", "/v1/Events?EndDate=2020-01-01",
		"/v1/Events/AE11111111111111111111111111111111", "/v1/Events?Page=1&PageToken=PAAE1",
	} {
		s.resource(t, acme, "GET", "monitor", target, nil)
		if got := s.upstream.asked(); !slices.Equal(got, []string{target}) {
			t.Errorf("for %s the carrier is asked %q", target, got)
		}
	}
}

func TestAnEventIsForItsAccountAlone(t *testing.T) {
	s := changed(t, "sqlite")
	all, _ := s.listed(t, child, "events", "/v1/Events")
	if got, want := typesOf(t, all), []string{`sms-geographic-permissions.updated {"france":{"previous":"disabled","updated":"enabled"}}`}; !slices.Equal(got, want) {
		t.Errorf("the events are %q", got)
	}
	sid := all[0]["sid"].(string)
	for name, path := range map[string]string{
		"another account's": sid, "one of a record that does not exist": "AE" + strings.Repeat("0", 28) + "ff00", "one that its record has not": sid[:len(sid)-2] + "07",
	} {
		if status, body := s.resource(t, acme, "GET", "monitor", "/v1/Events/"+path, nil); status != http.StatusNotFound || body["code"] != 20404.0 {
			t.Errorf("%s is answered %d %v", name, status, body)
		}
	}
	// What is forgotten says nothing any more.
	s.must(t, http.StatusOK, "POST", "/audit/forget?reason=asked", `{"account": "`+child+`"}`)
	s.upstream.take()
	s.resource(t, child, "GET", "monitor", "/v1/Events", nil)
	if got := s.upstream.asked(); !slices.Equal(got, []string{"/v1/Events"}) {
		t.Errorf("the carrier is asked %q", got)
	}
}

func TestKeysThatTheGateIssuesAreEvents(t *testing.T) {
	s := monitored(t, "", acmePolicy)
	sid, _ := s.key(t, `{"account": "`+acme+`", "name": "billing"}`)
	s.must(t, http.StatusOK, "DELETE", "/keys/"+sid, "")
	all, _ := s.listed(t, acme, "events", "/v1/Events?ResourceSid="+sid)
	want := []string{
		`account-api-keys.deleted {"friendly_name":{"previous":"billing","updated":null}}`,
		`account-api-keys.created {"friendly_name":{"previous":null,"updated":"billing"}}`,
	}
	if got := typesOf(t, all); !slices.Equal(got, want) {
		t.Errorf("the events are %q", got)
	}
}
