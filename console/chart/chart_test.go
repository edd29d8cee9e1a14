package chart_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddy-tollgate/tollgate/console/chart"
)

var update = flag.Bool("update", false, "write the golden files again")

var midnight = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)

// times are so many times, each a length after the one before.
func times(count int, length time.Duration) (list []time.Time) {
	for i := range count {
		list = append(list, midnight.Add(time.Duration(i)*length))
	}
	return list
}

func TestChartsAreDrawnAsTheyWere(t *testing.T) {
	for name, draw := range map[string]func() (string, error){
		"hours": func() (string, error) {
			html, err := chart.Columns{Title: `Refused & "let through"`, Table: "As a table", Time: "Hour", Times: times(10, time.Hour), Length: time.Hour,
				Series: []chart.Series{{"blocked", []int64{0, 5, 1200, 3, 0, 0, 0, 0, 0, 1}}, {"<limit>", []int64{0, 1, 30, 0, 0, 9, 0, 0, 0, 0}}}}.Draw()
			return string(html), err
		},
		"days": func() (string, error) {
			html, err := chart.Columns{Title: "Sends", Table: "As a table", Time: "Day", Times: times(2, 24*time.Hour), Length: 24 * time.Hour,
				Series: []chart.Series{{"sends", []int64{3, 4}}}}.Draw()
			return string(html), err
		},
		"nothing": func() (string, error) {
			html, err := chart.Columns{Title: "Sends", Table: "As a table", Time: "Day", Times: times(2, 24*time.Hour), Length: 24 * time.Hour,
				Series: []chart.Series{{"sends", []int64{0, 0}}}}.Draw()
			return string(html), err
		},
		"bars": func() (string, error) {
			html, err := chart.Bars{Title: "By territory", Name: "Territory", Count: "Refused", Rows: []chart.Bar{
				{"Uzbekistan", 12345, "?territory=UZ&account=a b"}, {"Côte d'Ivoire <&>", 100, ""}, {"None", 0, "javascript:alert(1)"}}}.Draw()
			return string(html), err
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := draw()
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, got)
			if strings.Contains(got, "style") || strings.Contains(got, "javascript:") {
				t.Error("it has a style or a script")
			}
			golden := filepath.Join("testdata", name+".html.txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || got != string(want) {
				t.Errorf("%v\n%s", err, got)
			}
		})
	}
}

// wellFormed reports markup that is not XML.
func wellFormed(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
}

func TestColumnsThatDoNotFitAreAnError(t *testing.T) {
	for says, c := range map[string]chart.Columns{
		"a count too few": {Times: times(2, time.Hour), Series: []chart.Series{{"sends", []int64{1}}}},
		"too many series": {Series: make([]chart.Series, 9)},
	} {
		if html, err := c.Draw(); err == nil {
			t.Errorf("%s is drawn: %s", says, html)
		}
	}
}

func TestAMaximumOfAnySizeIsOnTheAxis(t *testing.T) {
	for _, count := range []int64{1, 2, 3, 7, 19, 999, 1 << 40, 1<<63 - 1} {
		html, err := chart.Columns{Title: "Sends", Times: times(1, time.Hour), Length: time.Hour, Series: []chart.Series{{"sends", []int64{count}}}}.Draw()
		if err != nil || strings.Contains(string(html), `height="-`) || strings.Contains(string(html), "NaN") || !strings.Contains(string(html), chart.Number(count)) {
			t.Errorf("%d: %v\n%s", count, err, html)
		}
	}
}
