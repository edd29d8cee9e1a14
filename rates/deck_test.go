package rates

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
)

func territories(t testing.TB, codes ...string) (list []numbering.Territory) {
	t.Helper()
	for _, code := range codes {
		territory, ok := numbering.ParseTerritory(code)
		if !ok {
			t.Fatalf("unknown territory %s", code)
		}
		list = append(list, territory)
	}
	return list
}

const deckOfTests = `prefix,channel,price,setup,currency,description
US,messaging,0.0079,,USD,United States
us,mms,0.02,,usd,United States
CA,messaging,0.0085,,USD,Canada
+44,messaging,0.04,,USD,United Kingdom
LV,messaging,0.05,,USD,Latvia
37190-37191,messaging,0.95,,USD,Latvia premium
# for people
37190,voice,1.20,0.30,USD,Latvia premium
371;372,voice,0.10,,USD,"Latvia, Estonia"
`

func TestTheLongestPrefixHasThePriceElseTheTerritory(t *testing.T) {
	deck, err := Read("rates.csv", []byte(deckOfTests))
	if err != nil {
		t.Fatal(err)
	}
	if deck.Currency != "USD" || deck.Rows != 10 {
		t.Errorf("%d rows in %s, want 10 in USD", deck.Rows, deck.Currency)
	}
	for _, test := range []struct {
		name   string
		kind   Kind
		digits string
		in     string
		want   string
	}{
		{"a message by its territory", Message, "12015550123", "US", "0.0079 of US in line 2"},
		{"a message by its prefix", Message, "447700900123", "GB", "0.04 of +44 in line 5"},
		{"a prefix before the territory", Message, "37190123456", "LV", "0.95 of +37190 in line 7"},
		{"another prefix of the range", Message, "37191123456", "LV", "0.95 of +37191 in line 7"},
		{"the territory beside it", Message, "37192123456", "LV", "0.05 of LV in line 6"},
		{"the most expensive of several territories", Message, "18005550123", "US CA", "0.0085 of CA in line 4"},
		{"one of several that has a price", Message, "18005550123", "PR US", "0.0079 of US in line 2"},
		{"media with a price of their own", Media, "12015550123", "US", "0.02 of US in line 3"},
		{"media without", Media, "37190123456", "LV", "0.95 of +37190 in line 7"},
		{"WhatsApp as any message", WhatsApp, "447700900123", "GB", "0.04 of +44 in line 5"},
		{"a call with its setup", Call, "37190123456", "LV", "1.50 of +37190 in line 9"},
		{"a call beside", Call, "37192123456", "LV", "0.10 of +371 in line 10"},
		{"a call by the second prefix of a cell", Call, "37251234567", "EE", "0.10 of +372 in line 10"},
		{"a call has no price of a message", Call, "447700900123", "GB", "none"},
		{"nothing for the number", Message, "33612345678", "FR", "none"},
	} {
		got := "none"
		if found, ok := deck.Find(test.kind, test.digits, territories(t, strings.Fields(test.in)...)); ok {
			got = fmt.Sprintf("%s of %s", found.First(), found)
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestTheHighestRateOfAKindIsThatOfWhatItMayCost(t *testing.T) {
	deck, err := Read("rates.csv", []byte("prefix,channel,price,currency\n1,messaging,0.5,USD\n1,mms,0.2,USD\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []Kind{Message, Media, RCS} {
		if rate, ok := deck.Highest(kind); !ok || rate.Price != 500_000 {
			t.Errorf("the most expensive of %s is %s, %t, want 0.50", kind, rate.Price, ok)
		}
	}
	if rate, ok := deck.Highest(Call); ok {
		t.Errorf("the most expensive of calls is %s, of a deck that has none", rate.Price)
	}
}

func TestADeckWithAMistakeIsRefusedWithItsPlace(t *testing.T) {
	const header = "prefix,channel,price,setup,currency\n"
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "rates.csv is empty"},
		{"a header alone", header, "rates.csv has no prices"},
		{"no header", "44,messaging,0.04,,USD\n", "rates.csv:1: the column prefix is missing"},
		{"semicolons between columns", "prefix;channel;price;currency\n", "with commas between them"},
		{"two columns of prices", "prefix,channel,price,rate,currency\n", "two columns could be the price"},
		{"a column of dates", "prefix,channel,price,currency,valid from\n", `the column "valid from" is not read`},
		{"a column of origins", "prefix,channel,price,currency,Origination Prefixes\n", `the column "origination prefixes" is not read`},
		{"a second currency", header + "44,messaging,0.04,,USD\n49,messaging,0.07,,EUR\n", "rates.csv:3:20: the currency is EUR, and that of the rows before USD"},
		{"no currency", header + "44,messaging,0.04,,\n", `rates.csv:2:20: "" is not a currency`},
		{"a sign of a currency", header + "44,messaging,0.04,,€\n", "is not a currency"},
		{"a price with a comma", header + `44,messaging,"0,04",,USD` + "\n", `rates.csv:2:14: "0,04" is not a price`},
		{"a price below nothing", header + "44,messaging,-1,,USD\n", `rates.csv:2:14: "-1" is not a price`},
		{"an unknown channel", header + "44,sms,0.04,,USD\n", `rates.csv:2:4: unknown channel "sms"`},
		{"a setup price of a message", header + "44,messaging,0.04,0.01,USD\n", "rates.csv:2:19: only a call has a setup price"},
		{"no prefix", header + ",messaging,0.04,,USD\n", "rates.csv:2:1: the row has no prefix"},
		{"a prefix that is dialled", header + "0049,messaging,0.04,,USD\n", `"0049" begins with 0`},
		{"a prefix longer than a number", header + "1234567890123456,messaging,0.04,,USD\n", "is not the beginning of a number"},
		{"a plus alone", header + "+,messaging,0.04,,USD\n", "is not the beginning of a number"},
		{"an unknown territory", header + "UK,messaging,0.04,,USD\n", `"UK" is neither a prefix of digits nor a territory`},
		{"a range that programs read differently", header + "12[13-15],messaging,0.04,,USD\n", "is not a range that all programs read alike"},
		{"another price for one prefix", header + "44,messaging,0.04,,USD\n+44,messaging,0.05,,USD\n", "rates.csv:3: +44 has another price in line 2"},
		{"another price for one territory", header + "GB,messaging,0.04,,USD\ngb,messaging,0.05,,USD\n", "rates.csv:3: GB has another price in line 2"},
		{"a row that is cut off", header + "44,messaging,0.04,,USD\n49,mess", "rates.csv:3:1: reading CSV: wrong number of fields"},
		{"a quote that is not closed", header + "\"44,messaging,0.04,,USD\n", "rates.csv:"},
		{"many mistakes", header + strings.Repeat("44,sms,0.04,,USD\n", 15), "rates.csv: 5 more mistakes"},
	} {
		deck, err := Read("rates.csv", []byte(test.text))
		if err == nil || deck != nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

func TestWhatACarrierExportsBesideIsRead(t *testing.T) {
	for _, test := range []struct{ name, text string }{
		{"a byte order mark", "\uFEFFprefix,channel,price,currency\n44,voice,0.04,USD\n"},
		{"line ends of Windows", "prefix,channel,price,currency\r\n44,voice,0.04,USD\r\n"},
		{"other names and letter case", "ISO,Country,Codes,Channel,Price / min,Price Unit\nGB,United Kingdom,44,Voice,0.04,usd\n"},
		{"one price two times", "prefix,channel,price,currency\n44,voice,0.04,USD\n+44,voice,0.040,USD\n"},
	} {
		deck, err := Read("rates.csv", []byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if found, ok := deck.Find(Call, "447700900123", nil); !ok || found.Price != 40_000 || deck.Rows != 1 {
			t.Errorf("%s: %s, %t, of %d rows", test.name, found, ok, deck.Rows)
		}
	}
}

func TestADeckInPlaceOfAnother(t *testing.T) {
	deck := func(currency string, rows int) *Deck { return &Deck{Currency: currency, Rows: rows} }
	read := func(calls int) *Deck {
		text := "prefix,channel,price,currency\n"
		for prefix := 370; prefix < 380; prefix++ {
			text += fmt.Sprintf("%d,messaging,0.05,USD\n", prefix)
			if prefix < 370+calls {
				text += fmt.Sprintf("%d,voice,0.10,USD\n", prefix)
			}
		}
		deck, err := Read("rates.csv", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return deck
	}
	for _, test := range []struct {
		name          string
		before, after *Deck
		says          string
	}{
		{"with as many rows", deck("USD", 10), deck("USD", 10), ""},
		{"with half of the rows", deck("USD", 10), deck("USD", 5), ""},
		{"with less than half", deck("USD", 10), deck("USD", 4), "less than half of the 10 in force"},
		{"with half of the calls", read(4), read(2), ""},
		{"with calls besides", read(0), read(4), ""},
		{"without any calls", read(4), read(0), "0 prices of voice, less than half of the 4 in force"},
		{"in another currency", deck("USD", 10), deck("EUR", 10), "those in force in USD"},
	} {
		err := test.after.CheckSince(test.before)
		if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %q", test.name, err, test.says)
		}
	}
}

// slowFind is the slow and obvious twin of Find for prefixes of one kind.
func slowFind(prices map[string]Price, digits string) (Price, bool) {
	for n := len(digits); n > 0; n-- {
		if price, ok := prices[digits[:n]]; ok {
			return price, true
		}
	}
	return 0, false
}

func TestADeckFindsWhatItsSlowTwinFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(rand.Uint64(), 1))
	digits := func(longest int) string {
		text := strconv.Itoa(1 + r.IntN(3))
		for range r.IntN(longest) {
			text += strconv.Itoa(r.IntN(3))
		}
		return text
	}
	for range 50 {
		prices := map[string]Price{}
		text := bytes.NewBufferString("prefix,channel,price,currency\n")
		for range 1 + r.IntN(200) {
			prefix, price := digits(8), Price(r.IntN(1_000_000))
			if _, has := prices[prefix]; has {
				continue
			}
			prices[prefix] = price
			fmt.Fprintf(text, "%s,voice,%s,USD\n", prefix, price)
		}
		deck, err := Read("rates.csv", text.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for range 500 {
			number := digits(12)
			want, wantOK := slowFind(prices, number)
			if found, ok := deck.Find(Call, number, nil); ok != wantOK || found.Price != want {
				t.Fatalf("+%s costs %s, %t, and by the slow twin %s, %t, of\n%s", number, found.Price, ok, want, wantOK, text)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(deckOfTests), "37190123456")
	f.Add([]byte("prefix,channel,price,currency\n\"1\n2\",voice,1,USD"), "1")
	f.Add([]byte("\uFEFFcodes,channel,rate,currency\n12[3-5] 7-9,voice,.5,USD"), "12")
	f.Fuzz(func(t *testing.T, text []byte, digits string) {
		deck, err := Read("rates.csv", text)
		if err != nil {
			return
		}
		if deck.Rows == 0 || len(deck.Currency) != 3 {
			t.Errorf("%d rows in %q", deck.Rows, deck.Currency)
		}
		for kind := range Kind(kindCount) {
			found, ok := deck.Find(kind, digits, nil)
			highest, has := deck.Highest(kind)
			if ok && (!has || found.First() > highest.First() || found.First() < 0 || !strings.HasPrefix(digits, found.Prefix)) {
				t.Errorf("%s costs %s by %s, and the most expensive is %s, %t", digits, found.First(), found, highest.First(), has)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	text := bytes.NewBufferString("prefix,channel,price,currency\n")
	var prefixes []string
	seen := map[string]bool{}
	for len(prefixes) < 100_000 {
		prefix := strconv.Itoa(10_000 + r.IntN(999_990_000)) // 5 to 9 digits
		prefix = prefix[:5+r.IntN(len(prefix)-4)]
		if seen[prefix] {
			continue
		}
		seen[prefix] = true
		prefixes = append(prefixes, prefix)
		fmt.Fprintf(text, "%s,voice,0.%04d,USD\n", prefix, r.IntN(10_000))
	}
	deck, err := Read("rates.csv", text.Bytes())
	if err != nil {
		b.Fatal(err)
	}
	numbers := make([]string, 65_536)
	for i := range numbers {
		numbers[i] = prefixes[r.IntN(len(prefixes))] + "1234"
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		deck.Find(Call, numbers[i%len(numbers)], nil)
		i++
	}
}
