package geo

import (
	"slices"

	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// highRisk are the territories that Twilio calls risky, by channel. No verdict depends on
// them: they are for people who write policies, and for those of Twilio's resources that
// show or refuse them.
var highRisk = [policy.ChannelCount]struct{ source, codes string }{
	policy.Messaging: {
		"Twilio's list behind error 30649: its API cannot enable them, its console can " +
			"(https://www.twilio.com/docs/errors/30649)",
		"BD IL NG PK PS LK AZ TJ OM TN DZ",
	},
	// The codes are for Twilio's names: its Congo is not the Democratic Republic, and its
	// Australian territories are the external ones (+672). Those do not include Cocos and
	// Christmas Island, which Twilio's lists have with Australia.
	policy.Voice: {
		"Twilio's published list of voice destinations to enable only when the business case requires it; " +
			"of which page and year is unverified",
		"AC GL PM PA " +
			"AL BG LT LV EE MD BY SM SI LI " +
			"SS DZ TN GM SN MR GN CI NE TG LR TD CF CM GA CG SC SL SO BI MG ZW KM " +
			"NF AQ TO PW WS",
	},
}

var highRiskTerritories = [policy.ChannelCount][]numbering.Territory{
	policy.Messaging: territoriesOf(highRisk[policy.Messaging].codes),
	policy.Voice:     territoriesOf(highRisk[policy.Voice].codes),
}

// HighRisk reports whether Twilio calls a territory risky on the channel, and where it
// says so.
func HighRisk(channel policy.Channel, t numbering.Territory) (source string, ok bool) {
	if !slices.Contains(highRiskTerritories[channel], t) {
		return "", false
	}
	return highRisk[channel].source, true
}
