package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/api"
	"github.com/caddy-tollgate/tollgate/internal/access"
	"github.com/caddy-tollgate/tollgate/internal/incident"
	"github.com/caddy-tollgate/tollgate/internal/permissions"
)

// incidentsOf is what a client is shown of incidents of two accounts, and of further ones.
func incidentsOf(t *testing.T, query string, by access.Principal) (status int, ids string) {
	t.Helper()
	service := &permissions.Service{Incidents: func() []incident.Incident {
		return []incident.Incident{
			{ID: "1", Account: "AC1", Name: "acme", First: now, Last: now, Denied: 3, Territories: incident.Tally{{Value: "US", Denials: 3}}},
			{ID: "2", Account: "AC2", First: now, Last: now},
			{ID: "3", More: true, First: now, Last: now},
			{ID: "4", Account: "AC1", Name: "acme", First: now, Last: now, Closed: now.Add(time.Hour)},
		}
	}}
	r := httptest.NewRequest(http.MethodGet, api.Prefix+"/incidents"+query, nil)
	w := httptest.NewRecorder()
	api.New(service).ServeHTTP(w, r.WithContext(api.WithCaller(context.Background(), permissions.Caller{Principal: by, Through: "api"})))
	var answer struct {
		Items []struct {
			ID, State, Closed string
			Territories       []incident.Tallied
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	var listed []string
	for _, i := range answer.Items {
		if (i.State == "closed") != (i.Closed != "") || i.Territories == nil || i.ID == "1" && i.Territories[0].Denials != 3 {
			t.Errorf("it is %+v", i)
		}
		listed = append(listed, i.ID)
	}
	return w.Code, strings.Join(listed, " ")
}

func TestIncidentsAreListedOfTheAccountsThatAClientMayRead(t *testing.T) {
	as := func(role access.Role, accounts ...string) access.Principal {
		return access.Principal{Identity: access.Identity{Kind: access.BearerToken, Name: "a"}, Role: role, Accounts: accounts}
	}
	for _, c := range []struct {
		name, query string
		by          access.Principal
		status      int
		ids         string
	}{
		{"of all accounts", "", as(access.Viewer), http.StatusOK, "1 2 3 4"},
		{"those that are open", "?state=open", as(access.Viewer), http.StatusOK, "1 2 3"},
		{"those that are closed", "?state=closed", as(access.Owner), http.StatusOK, "4"},
		{"of one account, by its name", "", as(access.Viewer, "acme"), http.StatusOK, "1 4"},
		{"of one account without a name", "", as(access.Owner, "AC2"), http.StatusOK, "2"},
		{"of one account, not by its ID at the carrier", "", as(access.Owner, "AC1"), http.StatusOK, ""},
		{"by no one", "", access.Principal{}, http.StatusUnauthorized, ""},
		{"in an unknown state", "?state=quiet", as(access.Viewer), http.StatusUnprocessableEntity, ""},
	} {
		if status, ids := incidentsOf(t, c.query, c.by); status != c.status || ids != c.ids {
			t.Errorf("%s: %d %q", c.name, status, ids)
		}
	}
}
