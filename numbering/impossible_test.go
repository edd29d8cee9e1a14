package numbering

import "testing"

func TestImpossibleNumbers(t *testing.T) {
	tests := []struct {
		name, number string
		want         Impossibility
	}{
		{"555 is not an area code", "15551234567", ImpossibleAreaCode},
		{"an area code does not begin with 1", "11234567890", ImpossibleAreaCode},
		{"nor with 0", "10123456789", ImpossibleAreaCode},
		{"N11 is a service, not an area code", "19112345678", ImpossibleAreaCode},
		{"an area code in no table", "12385550100", ImpossibleAreaCode},
		{"an area code that is announced", "12732345678", 0},
		{"an area code that libphonenumber does not know yet", "19242345678", 0},
		{"the next toll-free area code", "18222345678", 0},
		{"an exchange that begins with 0", "12120234567", ImpossibleExchange},
		{"an exchange that begins with 1", "12121234567", ImpossibleExchange},
		{"an exchange of a toll-free number that begins with 1", "18001234567", ImpossibleExchange},
		{"a fictitious number", "12125550100", 0},
		{"the exchange 555", "12125551234", 0},
		{"a digit too few", "1212555123", ImpossibleLength},
		{"a digit too many", "121255512345", ImpossibleLength},
		{"without an area code", "15551234", ImpossibleLength},
		{"a Canadian number without an area code", "13101234", 0},
		{"an exchange of Antigua that is not assigned", "12682345678", 0},

		{"London", "442079460123", 0},
		{"04 of the United Kingdom", "444123456789", ImpossibleRange},
		{"06 of the United Kingdom", "446123456789", ImpossibleRange},
		{"a zero too many", "440207946012", ImpossibleRange},
		{"05 of the United Kingdom, in part in use", "445312345678", 0},
		{"a digit too many in the United Kingdom", "4420794601234", ImpossibleLength},
		{"without the area code in the United Kingdom", "4479460123", 0},

		{"Germany has numbers of any length", "49123456", 0},
		{"of 13 digits", "494999999999999", 0},
		{"Uzbekistan has nine digits", "99890123456", ImpossibleLength},
		{"an unassigned range of Uzbekistan", "998000000000", 0},
		{"an unassigned range of Pakistan", "920000000000", 0},
		{"an unassigned range of Germany", "4999999999", 0},
		{"without the area code in Brazil", "5587654321", 0},
		{"a mobile number of Mexico as until 2019", "5215512345678", ImpossibleLength},

		{"a calling code alone", "44", ImpossibleLength},
		{"a calling code that is not assigned", "2105551234", 0},
		{"a calling code without listed numbers", "379123", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Default().Lookup(test.number).Impossible; got != test.want {
				t.Errorf("+%s: %q, want %q", test.number, got, test.want)
			}
		})
	}
}

func TestARangeOfTheOperatorMakesANumberPossible(t *testing.T) {
	us, _ := ParseTerritory("US")
	plan := Extend(Default(), []Range{{Prefix: "1238", Territory: us, Kinds: Kinds(Mobile)}}, nil)
	if got := plan.Lookup("12382345678"); got.Impossible != 0 || !got.Listed {
		t.Errorf("%+v, want a number that is listed", got)
	}
	if got := plan.Lookup("12372345678"); got.Impossible != ImpossibleAreaCode {
		t.Errorf("%+v, want an impossible area code", got)
	}
}

func TestImpossibilitiesCostNoAllocation(t *testing.T) {
	plan := Default()
	plan.Lookup("15551234567") // the lengths are worked out once
	for _, number := range []string{"15551234567", "444123456789", "99890123456", "998000000000"} {
		if n := testing.AllocsPerRun(100, func() { plan.Lookup(number) }); n != 0 {
			t.Errorf("+%s: %v allocations", number, n)
		}
	}
}
