package remote

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	accounts "github.com/twilio/twilio-go/rest/accounts/v1"
	voice "github.com/twilio/twilio-go/rest/voice/v1"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/permissions"
	"github.com/caddy-tollgate/tollgate/policy"
)

// EndInheritance makes the account's calls be by its own permissions, which begin as its parent's.
func (a *Account) EndInheritance() error {
	_, err := a.Client.voice.UpdateDialingPermissionsSettings(new(voice.UpdateDialingPermissionsSettingsParams).SetDialingPermissionsInheritance(false))
	if err != nil {
		return asking("ending that its calls inherit", err)
	}
	return nil
}

// countryUpdate is an item of a bulk update, whose values are texts
// (https://www.twilio.com/docs/voice/api/dialingpermissions-bulkcountryupdate-resource).
type countryUpdate struct {
	Code      string `json:"iso_code"`
	LowRisk   string `json:"low_risk_numbers_enabled"`
	Special   string `json:"high_risk_special_numbers_enabled"`
	TollFraud string `json:"high_risk_tollfraud_numbers_enabled"`
}

// WriteCalls makes entries of the list for calls what they are here, in one update. Each has all of
// its classes: what becomes of one that is left out, Twilio does not say.
func (a *Account) WriteCalls(entries []permissions.Entry) error {
	updates := make([]countryUpdate, len(entries))
	for i := range entries {
		open := &entries[i].Open
		updates[i] = countryUpdate{
			entries[i].Code, strconv.FormatBool(open[policy.LowRisk]),
			strconv.FormatBool(open[policy.HighRiskSpecial]), strconv.FormatBool(open[policy.HighRiskTollFraud]),
		}
	}
	text, err := json.Marshal(updates)
	if err != nil {
		return fmt.Errorf("writing the update: %w", err)
	}
	_, err = a.Client.voice.CreateDialingPermissionsCountryBulkUpdate(new(voice.CreateDialingPermissionsCountryBulkUpdateParams).SetUpdateRequest(string(text)))
	if err != nil {
		return asking("writing its permissions for calls", err)
	}
	return nil
}

// WriteMessages makes entries of the list for messages what they are here. It returns what Twilio
// says of those that it refuses, by their codes.
func (a *Account) WriteMessages(entries []permissions.Entry) (refused map[string]string, err error) {
	items := make([]any, len(entries))
	for i := range entries {
		items[i] = geoPermission{Code: entries[i].Code, Type: "country", Enabled: &entries[i].Open[policy.LowRisk]}
	}
	answer, err := a.Client.accounts.PatchMessagingGeopermissions(new(accounts.PatchMessagingGeopermissionsParams).SetPermissions(items))
	if err != nil {
		return nil, asking("writing its permissions for messages", err)
	}
	results, err := geoPermissionsOf(answer)
	if err != nil {
		return nil, asking("writing its permissions for messages", err)
	}
	refused = make(map[string]string)
	for _, r := range results {
		if r.Error != 0 {
			refused[r.Code] = strings.TrimSuffix(fmt.Sprintf("error %d: %s", r.Error, strings.Join(r.Messages, ", ")), ": ")
		}
	}
	return refused, nil
}
