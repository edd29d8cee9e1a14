package twilio

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/caddy-tollgate/tollgate/carrier/twilio/geo"
	"github.com/caddy-tollgate/tollgate/numbering"
	"github.com/caddy-tollgate/tollgate/policy"
)

// country is an entry of the list of countries for calls, in Twilio's shape.
type country struct {
	IsoCode      string   `json:"iso_code"`
	Name         string   `json:"name"`
	CountryCodes []string `json:"country_codes"`
	Continent    string   `json:"continent"`
	LowRisk      bool     `json:"low_risk_numbers_enabled"`
	Special      bool     `json:"high_risk_special_numbers_enabled"`
	TollFraud    bool     `json:"high_risk_tollfraud_numbers_enabled"`
	URL          string   `json:"url"`
	Links        links    `json:"links"`
}

type links struct {
	SpecialPrefixes string `json:"highrisk_special_prefixes"`
}

// listed are the countries that Twilio's API knows by a code, in the list of a channel, by code.
func listed(channel policy.Channel) (found []geo.Country) {
	for _, c := range geo.Countries() {
		if c.Code != "" && c.On(channel) != nil {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b geo.Country) int { return strings.Compare(a.Code, b.Code) })
	return found
}

// listedByCode is the country of a code in the list of a channel, or nil.
func listedByCode(channel policy.Channel, code string) *geo.Country {
	for _, c := range listed(channel) {
		if strings.EqualFold(c.Code, code) {
			return &c
		}
	}
	return nil
}

// open are the territories that an account's permissions on a channel have, by class; those of
// messages are of low risk.
type open [policy.ClassCount]policy.Set

// openOn finds what the permissions of an account have.
func openOn(subject *policy.Subject, channel policy.Channel) (o open) {
	o, _ = subject.StatedSets(channel)
	return o
}

// has reports whether an entry is open: one of several territories is, if any of them is.
func (o *open) has(entry *geo.Entry, class policy.Class) bool {
	return slices.ContainsFunc(entry.Territories, func(t numbering.Territory) bool { return o[class].Has(t) })
}

// countriesPath is where the countries are.
const countriesPath = "/v1/DialingPermissions/Countries"

func countryOf(r *Request, c *geo.Country, o *open) country {
	path := countriesPath + "/" + c.Code
	return country{
		IsoCode: c.Code, Name: c.Voice.Name, CountryCodes: c.Voice.Prefixes, Continent: string(c.Continent),
		LowRisk: o.has(c.Voice, policy.LowRisk), Special: o.has(c.Voice, policy.HighRiskSpecial), TollFraud: o.has(c.Voice, policy.HighRiskTollFraud),
		URL: r.url(path), Links: links{r.url(path + "/HighRiskSpecialPrefixes")},
	}
}

// countryFilters select countries by the parameters of a request.
var countryFilters = map[string]func(c *country, value string) bool{
	"IsoCode":   func(c *country, value string) bool { return strings.EqualFold(c.IsoCode, value) },
	"Continent": func(c *country, value string) bool { return strings.EqualFold(c.Continent, value) },
	"CountryCode": func(c *country, value string) bool {
		return slices.Contains(c.CountryCodes, "+"+strings.TrimLeft(value, "+ ")) // an unescaped + is a space
	},
	"LowRiskNumbersEnabled":           func(c *country, value string) bool { return strconv.FormatBool(c.LowRisk) == strings.ToLower(value) },
	"HighRiskSpecialNumbersEnabled":   func(c *country, value string) bool { return strconv.FormatBool(c.Special) == strings.ToLower(value) },
	"HighRiskTollfraudNumbersEnabled": func(c *country, value string) bool { return strconv.FormatBool(c.TollFraud) == strings.ToLower(value) },
}

func (s *Resources) listCountries(_ context.Context, r *Request, _ string) Answer {
	o := openOn(r.Subject, policy.Voice)
	all := []country{}
	for _, c := range listed(policy.Voice) {
		if found := countryOf(r, &c, &o); isSelected(r, &found) {
			all = append(all, found)
		}
	}
	part, m, refused := page(r, "content", all)
	if refused != nil {
		return *refused
	}
	return answer(http.StatusOK, map[string]any{"content": part, "meta": m})
}

func isSelected(r *Request, c *country) bool {
	for name, selects := range countryFilters {
		if value := r.Query.Get(name); value != "" && !selects(c, value) {
			return false
		}
	}
	return true
}

func (s *Resources) country(_ context.Context, r *Request, code string) Answer {
	c := listedByCode(policy.Voice, code)
	if c == nil {
		return notFound(r)
	}
	o := openOn(r.Subject, policy.Voice)
	return answer(http.StatusOK, countryOf(r, c, &o))
}

// specialPrefix is a prefix of high-risk special numbers, in Twilio's shape.
type specialPrefix struct {
	Prefix string `json:"prefix"`
}

func (s *Resources) specialPrefixes(_ context.Context, r *Request, code string) Answer {
	c := listedByCode(policy.Voice, code)
	if c == nil {
		return notFound(r)
	}
	all := []specialPrefix{}
	for _, t := range c.Voice.Territories {
		for _, p := range policy.ClassPrefixes(policy.HighRiskSpecial, t) {
			all = append(all, specialPrefix{"+" + p.Digits})
		}
	}
	part, m, refused := page(r, "content", all)
	if refused != nil {
		return *refused
	}
	return answer(http.StatusOK, map[string]any{"content": part, "meta": m})
}
