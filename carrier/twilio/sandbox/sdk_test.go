package sandbox

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
	monitor "github.com/twilio/twilio-go/rest/monitor/v1"
)

// detour sends what is meant for Twilio to the sandbox, with the Host it was meant for.
type detour struct{ to *url.URL }

func (d detour) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Host = request.URL.Host
	request.URL.Scheme, request.URL.Host = d.to.Scheme, d.to.Host
	return http.DefaultTransport.RoundTrip(request)
}

func newSDK(t *testing.T) *api.ApiService { return newRestClient(t).Api }

func newRestClient(t *testing.T) *twilio.RestClient {
	t.Helper()
	address, err := url.Parse(start(t, Options{}).URL)
	if err != nil {
		t.Fatal(err)
	}
	caller := &client.Client{Credentials: client.NewCredentials(testAccount, "token"), HTTPClient: &http.Client{Transport: detour{address}}}
	caller.SetAccountSid(testAccount)
	return twilio.NewRestClientWithParams(twilio.ClientParams{Client: caller})
}

func TestTheListsOfOtherProductsAreEmpty(t *testing.T) {
	sdk := newRestClient(t)
	if listed, err := sdk.MonitorV1.ListAlert(&monitor.ListAlertParams{}); err != nil || len(listed) != 0 {
		t.Errorf("alerts: %v, %v", listed, err)
	}
	if page, err := sdk.MonitorV1.PageEvent(&monitor.ListEventParams{}, "", ""); err != nil || page.Events == nil || len(page.Events) != 0 || page.Meta.Key != "events" {
		t.Errorf("events: %+v, %v", page, err)
	}
}

func TestTheSDKCreatesFetchesAndListsMessages(t *testing.T) {
	sdk := newSDK(t)
	wanted := (&api.CreateMessageParams{}).SetTo("+14155550101").SetFrom("+14155550100").SetBody("Hello")
	created, err := sdk.CreateMessage(wanted)
	if err != nil {
		t.Fatal(err)
	}
	fetched, err := sdk.FetchMessage(*created.Sid, &api.FetchMessageParams{})
	if err != nil || *fetched.Body != "Hello" || *fetched.Status != "queued" {
		t.Fatal(err, fetched)
	}
	if _, err := sdk.CreateMessage(wanted); err != nil {
		t.Fatal(err)
	}
	listed, err := sdk.ListMessage((&api.ListMessageParams{}).SetTo("+14155550101").SetPageSize(1))
	if err != nil || len(listed) != 2 || *listed[1].Sid != *created.Sid {
		t.Fatal(err, listed)
	}
	if err := sdk.DeleteMessage(*created.Sid, &api.DeleteMessageParams{}); err != nil {
		t.Fatal(err)
	}
}

func TestTheSDKCreatesFetchesListsAndEndsCalls(t *testing.T) {
	sdk := newSDK(t)
	created, err := sdk.CreateCall((&api.CreateCallParams{}).SetTo("+14155550101").SetFrom("+14155550100").SetTwiml("<Response/>"))
	if err != nil {
		t.Fatal(err)
	}
	fetched, err := sdk.FetchCall(*created.Sid, &api.FetchCallParams{})
	if err != nil || *fetched.ToFormatted != "(415) 555-0101" {
		t.Fatal(err, fetched)
	}
	listed, err := sdk.ListCall(&api.ListCallParams{})
	if err != nil || len(listed) != 1 {
		t.Fatal(err, listed)
	}
	ended, err := sdk.UpdateCall(*created.Sid, (&api.UpdateCallParams{}).SetStatus("completed"))
	if err != nil || *ended.Status != "completed" {
		t.Fatal(err, ended)
	}
}

func TestTheSDKReadsAccounts(t *testing.T) {
	sdk := newSDK(t)
	fetched, err := sdk.FetchAccount(testAccount)
	if err != nil || *fetched.Status != "active" {
		t.Fatal(err, fetched)
	}
	listed, err := sdk.ListAccount(&api.ListAccountParams{})
	if err != nil || len(listed) != 1 {
		t.Fatal(err, listed)
	}
}

func TestTheSDKGetsARefusalAsItsOwnError(t *testing.T) {
	_, err := newSDK(t).CreateMessage((&api.CreateMessageParams{}).SetTo("+15005550003").SetFrom("+15005550006").SetBody("Hello"))
	var refused *client.TwilioRestError
	if !errors.As(err, &refused) || refused.Code != 21408 || refused.Status != 400 {
		t.Fatalf("%#v", err)
	}
}
