package reload_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/caddy-tollgate/tollgate/config"
	"github.com/caddy-tollgate/tollgate/config/configtest"
	"github.com/caddy-tollgate/tollgate/internal/reload"
)

// ratesLoader loads a policy with a price limit and, unless it is empty, a file of rates.
func ratesLoader(t *testing.T, file string) (*reload.Loader, *observer.ObservedLogs) {
	t.Helper()
	core, logs := observer.New(zap.InfoLevel)
	replace := func(text string) (string, error) { return text, nil }
	resolver := reload.Resolver{Replace: replace, Carriers: configtest.AsWritten}
	l, err := reload.NewLoader(resolver, "", config.Document{PriceLimit: &config.PriceLimit{Message: "0.15"}}, zap.New(core))
	if err != nil {
		t.Fatal(err)
	}
	if file != "" {
		if l.Rates, err = resolver.NewRatesFile(file, zap.New(core)); err != nil {
			t.Fatal(err)
		}
	}
	return l, logs
}

const (
	twoRates  = "prefix,channel,price,currency\n44,messaging,0.04,GBP\n49,messaging,0.07,GBP\n"
	fiveRates = twoRates + "33,messaging,0.06,GBP\n34,messaging,0.06,GBP\n39,messaging,0.06,GBP\n"
)

func TestTheRatesOfAFileAreInForce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rates.csv")
	writeFile(t, file, []byte(twoRates))
	l, _ := ratesLoader(t, file)
	load(t, l)
	if rows := l.Current().Deck.Rows; rows != 2 || l.Rates.Failure() != nil {
		t.Errorf("%d prices are in force: %v", rows, l.Rates.Failure())
	}
	if load(t, l) {
		t.Error("the same prices are a change")
	}
	writeFile(t, file, []byte(fiveRates))
	if !load(t, l) || l.Current().Deck.Rows != 5 {
		t.Errorf("%d prices are in force after another five", l.Current().Deck.Rows)
	}
}

func TestWithoutRatesAPolicyThatNeedsThemDoesNotLoad(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "rates.csv")
	for _, test := range []struct{ name, file, says string }{
		{"without a file", "", "need a deck of rates"},
		{"with one that is missing", missing, "reading the rates"},
	} {
		l, _ := ratesLoader(t, test.file)
		if _, err := l.Load(); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %q", test.name, err, test.says)
		}
	}
}

func TestRatesThatAreWorseThanThoseInForceAreRefused(t *testing.T) {
	for _, test := range []struct{ name, text, says string }{
		{"a mistake", strings.Replace(fiveRates, "0.07", "0,07", 1), "wrong number of fields"},
		{"a file that is cut off", fiveRates[:len(twoRates)], "less than half of the 5 in force"},
		{"another currency", strings.ReplaceAll(fiveRates, "GBP", "EUR"), "those in force in GBP"},
		{"no file", "", "reading the rates"},
	} {
		file := filepath.Join(t.TempDir(), "rates.csv")
		writeFile(t, file, []byte(fiveRates))
		l, logs := ratesLoader(t, file)
		load(t, l)
		if test.text == "" {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		} else {
			writeFile(t, file, []byte(test.text))
		}
		load(t, l)
		load(t, l)
		if err := l.Rates.Failure(); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %q", test.name, err, test.says)
		}
		if deck := l.Current().Deck; deck.Rows != 5 || deck.Currency != "GBP" {
			t.Errorf("%s: %d prices in %s are in force", test.name, deck.Rows, deck.Currency)
		}
		if n := logs.FilterMessageSnippet("rates not loaded").Len(); n != 1 {
			t.Errorf("%s: logged %d times", test.name, n)
		}
		writeFile(t, file, []byte(fiveRates))
		if load(t, l); l.Rates.Failure() != nil {
			t.Errorf("%s, and the file as it was: %v", test.name, l.Rates.Failure())
		}
	}
}

func TestTheRatesOfTheConfigurationBeforeStayWhereTheFileIsBroken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rates.csv")
	writeFile(t, file, []byte(fiveRates))
	before, _ := ratesLoader(t, file)
	load(t, before)
	writeFile(t, file, []byte("broken"))

	after, _ := ratesLoader(t, file)
	after.Predecessor = before.Current
	if load(t, after); after.Current().Deck != before.Current().Deck {
		t.Error("they do not")
	}
	other, _ := ratesLoader(t, filepath.Join(t.TempDir(), "other.csv"))
	other.Predecessor = before.Current
	if _, err := other.Load(); err == nil {
		t.Error("they stay in place of another file's")
	}
}
