package libphonenumber

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/nyaruka/phonenumbers"
)

// Places of a row of the package, and of the kinds within it.
const (
	callingCodeColumn    = 0
	internationalColumn  = 1
	patternColumn        = 2
	lengthsColumn        = 3
	nationalColumn       = 5
	parsingColumn        = 7
	transformColumn      = 8
	leadingDigitsColumn  = 10
	kindsColumn          = 11
	fixedLineColumn      = 0
	mobileColumn         = 1
	tollFreeColumn       = 2
	premiumRateColumn    = 3
	personalNumberColumn = 4
	voicemailColumn      = 5
	uanColumn            = 6
	pagerColumn          = 7
	voIPColumn           = 8
	sharedCostColumn     = 9
)

// textColumns are the columns of a row that hold texts, or nothing.
var textColumns = []int{callingCodeColumn, internationalColumn, patternColumn, nationalColumn, parsingColumn, transformColumn, leadingDigitsColumn}

// Regions returns what is known of each region in the form of the Go module, those of one
// calling code in the order in which libphonenumber asks them, the main one first.
//
// The package does not have the lengths of numbers that are dialled without their area
// code: these are of the Go module's metadata, which may be older. Example numbers are
// left out.
func (m *Metadata) Regions() ([]*phonenumbers.PhoneMetadata, error) {
	module, err := ModuleRegions()
	if err != nil {
		return nil, err
	}
	older := make(map[string]*phonenumbers.PhoneMetadata)
	for _, region := range module {
		older[region.GetId()+strconv.Itoa(int(region.GetCountryCode()))] = region
	}
	var regions []*phonenumbers.PhoneMetadata
	add := func(region, code string, r row, isMain bool) error {
		read, err := r.region(region, isMain)
		if err != nil {
			return fmt.Errorf("reading region %s of +%s: %w", region, code, err)
		}
		if strconv.Itoa(int(read.GetCountryCode())) != code {
			return fmt.Errorf("region %s of +%s is of +%d in its own row", region, code, read.GetCountryCode())
		}
		if old := older[region+code]; old != nil {
			read.GeneralDesc.PossibleLengthLocalOnly = old.GetGeneralDesc().GetPossibleLengthLocalOnly()
		}
		regions = append(regions, read)
		return nil
	}
	for _, code := range sortedKeys(m.CallingCodes) {
		for i, region := range m.CallingCodes[code] {
			if err := add(region, code, m.Countries[region], i == 0); err != nil {
				return nil, err
			}
		}
	}
	for _, code := range sortedKeys(m.NonGeographic) {
		if err := add(phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY, code, m.NonGeographic[code], true); err != nil {
			return nil, err
		}
	}
	return regions, nil
}

// ModuleVersion is the version of libphonenumber whose metadata the Go module
// github.com/nyaruka/phonenumbers v1.8.1 has, by its CHANGELOG: "regenerated against
// upstream libphonenumber 9.0.32-SNAPSHOT", on the day ModuleReleased.
const (
	ModuleVersion  = "9.0.32"
	ModuleReleased = "2026-06-01"
)

// ModuleRegions returns the metadata of the Go module in the order of Regions.
func ModuleRegions() ([]*phonenumbers.PhoneMetadata, error) {
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		return nil, fmt.Errorf("reading the metadata of the Go module: %w", err)
	}
	regions := slices.Clone(collection.GetMetadata())
	position := func(m *phonenumbers.PhoneMetadata) int {
		return slices.Index(phonenumbers.GetRegionCodesForCountryCode(int(m.GetCountryCode())), m.GetId())
	}
	slices.SortStableFunc(regions, func(a, b *phonenumbers.PhoneMetadata) int {
		return cmp.Or(cmp.Compare(a.GetCountryCode(), b.GetCountryCode()), cmp.Compare(position(a), position(b)))
	})
	return regions, nil
}

// region brings a row into the form of the Go module.
func (r row) region(name string, isMain bool) (*phonenumbers.PhoneMetadata, error) {
	if len(r) <= kindsColumn {
		return nil, fmt.Errorf("it has %d columns: want %d at least", len(r), kindsColumn+1)
	}
	for _, column := range textColumns {
		var text string
		if err := decode(r, column, &text); err != nil {
			return nil, fmt.Errorf("reading column %d: %w", column, err)
		}
	}
	code, err := strconv.ParseInt(r.text(callingCodeColumn), 10, 32)
	if err != nil {
		return nil, fmt.Errorf("reading the calling code: %w", err)
	}
	general, err := r.description(patternColumn, lengthsColumn)
	if err != nil {
		return nil, err
	}
	code32 := int32(code)
	m := &phonenumbers.PhoneMetadata{
		Id:                          &name,
		CountryCode:                 &code32,
		MainCountryForCode:          &isMain,
		GeneralDesc:                 general,
		InternationalPrefix:         r.optional(internationalColumn),
		NationalPrefixForParsing:    r.optional(parsingColumn),
		NationalPrefixTransformRule: r.optional(transformColumn),
		LeadingDigits:               r.optional(leadingDigitsColumn),
	}
	if m.NationalPrefixForParsing == nil { // it is the national prefix itself
		m.NationalPrefixForParsing = r.optional(nationalColumn)
	}
	return m, r.addKinds(m)
}

// addKinds adds the patterns of the kinds of numbers.
func (r row) addKinds(m *phonenumbers.PhoneMetadata) error {
	var kinds row
	if err := decode(r, kindsColumn, &kinds); err != nil {
		return fmt.Errorf("reading the kinds: %w", err)
	}
	for column, to := range map[int]**phonenumbers.PhoneNumberDesc{
		fixedLineColumn: &m.FixedLine, mobileColumn: &m.Mobile, tollFreeColumn: &m.TollFree,
		premiumRateColumn: &m.PremiumRate, personalNumberColumn: &m.PersonalNumber, voicemailColumn: &m.Voicemail,
		uanColumn: &m.Uan, pagerColumn: &m.Pager, voIPColumn: &m.Voip, sharedCostColumn: &m.SharedCost,
	} {
		var kind row
		if err := decode(kinds, column, &kind); err != nil {
			return fmt.Errorf("reading kind %d: %w", column, err)
		}
		if kind == nil {
			continue
		}
		var err error
		if *to, err = kind.description(0, 1); err != nil {
			return err
		}
	}
	// The package leaves the pattern of mobile numbers empty where it is that of
	// fixed-line ones.
	if m.Mobile != nil && m.Mobile.GetNationalNumberPattern() == "" {
		same := true
		m.SameMobileAndFixedLinePattern, m.Mobile = &same, m.FixedLine
	}
	return nil
}

// description reads a pattern and the lengths of its numbers. No lengths stand for those
// of the region.
func (r row) description(pattern, lengths int) (*phonenumbers.PhoneNumberDesc, error) {
	d := &phonenumbers.PhoneNumberDesc{NationalNumberPattern: r.optional(pattern)}
	if err := decode(r, lengths, &d.PossibleLength); err != nil {
		return nil, fmt.Errorf("reading the lengths of %s: %w", r.text(pattern), err)
	}
	return d, nil
}

// text returns a column that holds a text, "" where it holds nothing.
func (r row) text(column int) (text string) {
	if decode(r, column, &text) != nil {
		return ""
	}
	return text
}

func (r row) optional(column int) *string {
	if text := r.text(column); text != "" {
		return &text
	}
	return nil
}

// decode reads a column, and leaves the value alone where there is nothing.
func decode[V any](r row, column int, value *V) error {
	if column >= len(r) || string(r[column]) == "0" {
		return nil
	}
	return json.Unmarshal(r[column], value)
}
