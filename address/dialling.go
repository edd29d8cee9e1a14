package address

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"

	"github.com/caddy-tollgate/tollgate/numbering"
)

// dialling is how numbers are dialled within one territory, as libphonenumber has it.
// Its patterns are regular expressions over digits.
type dialling struct {
	region string // of libphonenumber, "001" for a code of no country
	code   string // calling code
	main   bool   // territory of the code
	// international is what stands before a number of another country, trunk what may
	// stand before one of this country, and rewritten what both become, if anything.
	international, trunk, rewritten string
	// general is what numbers look like, where there is a trunk prefix.
	general string
	// lengths that numbers have, and those that are dialled within one place alone:
	// a bit each.
	lengths, local uint32
}

// Country holds the rules by which a number without "+" is read as one of the country of
// its sender. The zero Country is none.
type Country struct{ rules *countryRules }

// countryRules are a row of the table with its patterns, compiled when they are first
// needed.
type countryRules struct {
	dialling
	// prefix is the trunk prefix where that is digits alone.
	prefix string

	trunkOnce, generalOnce, internationalOnce sync.Once

	trunkPattern, generalPattern, internationalPattern *regexp.Regexp
	// trunkDigits has bit d set if a trunk prefix can begin with the digit d, where it is
	// a pattern.
	trunkDigits uint16
}

// formerPrefixes stood before the numbers of a territory until its plan changed. They
// are still written, and carriers still take them.
var formerPrefixes = map[string][]string{
	// Between cities, and to mobile telephones from at home and from abroad, until August
	// 2019 (Instituto Federal de Telecomunicaciones, Plan Técnico Fundamental de Numeración;
	// https://www.itu.int/oth/T020200008A/en).
	"MX": {"01", "044", "045", "1"},
}

// withoutFormer returns the national number that digits are behind a prefix of former
// times.
func (c *countryRules) withoutFormer(digits string) (rest string, ok bool) {
	for _, prefix := range formerPrefixes[c.region] {
		if rest, ok := strings.CutPrefix(digits, prefix); ok {
			return rest, true
		}
	}
	return "", false
}

// countryTables are the rows of the table by the value of the calling code, of its main
// territory, and by territory.
type countryTables struct {
	byCode      [1000]*countryRules
	byTerritory [numbering.MaxTerritories]*countryRules
}

var countries = sync.OnceValue(func() *countryTables {
	found := new(countryTables)
	for _, row := range diallingTable {
		rules := &countryRules{dialling: row}
		if strings.Trim(row.trunk, "0123456789") == "" {
			rules.prefix = row.trunk
		}
		if row.main {
			found.byCode[valueOf(row.code)] = rules
		}
		if t, ok := numbering.ParseTerritory(row.region); ok {
			found.byTerritory[t] = rules
		}
	}
	return found
})

// CountryOf returns the country of a territory; none for a territory that is a calling
// code of no country.
func CountryOf(t numbering.Territory) Country { return Country{countries().byTerritory[t]} }

// CallingCode of the country without "+", or nothing.
func (c Country) CallingCode() string {
	if c.rules == nil {
		return ""
	}
	return c.rules.code
}

// Prefixes are the digits that are dialled in the country before a number of another
// country, and before one of its own: "00" and "0" in most. Either is empty if there is
// none, or if it differs within the country.
func (c Country) Prefixes() (international, trunk string) {
	if c.rules == nil {
		return "", ""
	}
	if strings.Trim(c.rules.international, "0123456789") == "" {
		international = c.rules.international
	}
	// Others than the first are for some networks or services alone.
	first, _, _ := strings.Cut(c.rules.trunk, "|")
	if strings.Trim(first, "0123456789") == "" {
		trunk = first
	}
	return international, trunk
}

// HasTrunk reports whether anything is dialled before a number of the country itself.
func (c Country) HasTrunk() bool { return c.rules != nil && c.rules.trunk != "" }

// countryOfNumber returns the country of a number in E.164. Where the plan knows its
// one territory, that is it.
func countryOfNumber(n *Number) Country {
	if len(n.Assignment.Territories) == 1 {
		if c := CountryOf(n.Assignment.Territories[0]); c.rules != nil && strings.HasPrefix(n.Digits, c.rules.code) {
			return c
		}
	}
	return Country{rulesOfNumber(n.Digits)}
}

// longestCode is how many digits a calling code has at most.
const longestCode = 3

// rulesOfNumber returns the rules of the calling code that digits begin with.
func rulesOfNumber(digits string) *countryRules {
	for n := 1; n <= min(longestCode, len(digits)); n++ {
		if rules := rulesOfCode(digits[:n]); rules != nil {
			return rules
		}
	}
	return nil
}

// rulesOfCode returns the rules of a calling code, nil if there is none.
func rulesOfCode(code string) *countryRules {
	if code == "" || len(code) > longestCode || code[0] == '0' || !isDigits(code) {
		return nil
	}
	return countries().byCode[valueOf(code)]
}

// valueOf is the value of a calling code. No two calling codes have one value.
func valueOf(code string) (value int) {
	for i := range len(code) {
		value = 10*value + int(code[i]-'0')
	}
	return value
}

// withoutTrunk drops the trunk prefix of a national number and rewrites it as
// libphonenumber does (maybeStripNationalPrefixAndCarrierCode, in its parseHelper).
func (c *countryRules) withoutTrunk(national string) string {
	rest, ok := c.stripped(national)
	if !ok || len(rest) >= 32 || c.local&(1<<len(rest)) != 0 {
		return national
	}
	switch length := uint32(1) << len(rest); {
	case c.lengths&length != 0:
		return rest
	case c.lengths != 0 && length > c.lengths: // longer than any
		return rest
	}
	return national
}

// stripped is withoutTrunk without a look at how long the number then is.
func (c *countryRules) stripped(national string) (string, bool) {
	if c.trunk == "" || national == "" || c.prefix != "" && !strings.HasPrefix(national, c.prefix) {
		return "", false
	}
	rest := ""
	if c.prefix != "" {
		rest = national[len(c.prefix):]
	} else {
		c.trunkOnce.Do(func() {
			pattern := "^(?:" + c.trunk + ")"
			c.trunkPattern, c.trunkDigits = regexp.MustCompile(pattern), firstDigits(pattern)
		})
		if c.trunkDigits&(1<<(national[0]-'0')) == 0 {
			return "", false // the pattern has no match, or that of nothing
		}
		groups := c.trunkPattern.FindStringSubmatchIndex(national)
		switch {
		case groups == nil:
			return "", false
		case c.rewritten == "" || groups[len(groups)-2] < 0:
			rest = national[groups[1]:]
		default:
			rest = c.trunkPattern.ReplaceAllString(national, c.rewritten)
		}
	}
	if rest == national {
		return rest, true
	}
	c.generalOnce.Do(func() { c.generalPattern = regexp.MustCompile("^(?:" + c.general + ")$") })
	if c.generalPattern.MatchString(national) && !c.generalPattern.MatchString(rest) {
		return "", false
	}
	return rest, true
}

// firstDigits has bit d set if a match of the pattern can begin with the digit d.
func firstDigits(pattern string) (digits uint16) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err) // the table is part of the program
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		panic(err)
	}
	asked := make([]bool, len(program.Inst))
	var ask func(at uint32)
	ask = func(at uint32) {
		if asked[at] {
			return
		}
		asked[at] = true
		switch step := &program.Inst[at]; step.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			ask(step.Out)
			ask(step.Arg)
		case syntax.InstCapture, syntax.InstEmptyWidth, syntax.InstNop:
			ask(step.Out)
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			for digit := range 10 {
				if step.MatchRune('0' + rune(digit)) {
					digits |= 1 << digit
				}
			}
		}
	}
	ask(uint32(program.Start))
	return digits
}

// cutInternational cuts off what is dialled within the country before a number of
// another one.
func (c *countryRules) cutInternational(digits string) (rest string, ok bool) {
	if c.international == usualInternational {
		return strings.CutPrefix(digits, usualInternational)
	}
	if c.international == "" {
		return "", false
	}
	c.internationalOnce.Do(func() {
		c.internationalPattern = regexp.MustCompile("^(?:" + c.international + ")")
	})
	found := c.internationalPattern.FindStringIndex(digits)
	if found == nil {
		return "", false
	}
	return digits[found[1]:], true
}

// usualInternational is the prefix of most of the world (ITU-T E.123).
const usualInternational = "00"

// fewestDigits and mostNational are the bounds of libphonenumber: of a number with
// its calling code, and of one without.
const (
	fewestDigits   = 3
	fewestNational = 2
	mostNational   = 17
)

// appendWithoutTrunk appends the other numbers that E.164 digits are taken for by
// a reader that repairs numbers: a trunk prefix that was kept behind the country code is
// dropped, and what a country's own rules rewrite is rewritten, as libphonenumber
// does when it parses them. There are none of digits that it does not parse.
func appendWithoutTrunk(list []string, digits string) []string {
	rules := rulesOfNumber(digits)
	if rules == nil || len(digits) < fewestDigits {
		return list
	}
	national := digits[len(rules.code):]
	if len(national) < fewestNational {
		return list
	}
	parsed := rules.withoutTrunk(national)
	if len(parsed) < fewestNational || len(parsed) > mostNational {
		return list
	}
	if parsed == national {
		list = append(list, digits)
	} else {
		list = append(list, rules.code+parsed)
	}
	// Of several zeros, as in "+39 (0)06…", a reader may drop one, or some.
	for strings.HasPrefix(national, "0") {
		national = national[1:]
		list = append(list, rules.code+national)
	}
	return list
}
