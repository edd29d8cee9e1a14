package worldmap

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/numbering"
)

var update = flag.Bool("update", false, "write the golden files again")

func territory(t testing.TB, code string) numbering.Territory {
	t.Helper()
	found, ok := numbering.ParseTerritory(code)
	if !ok {
		t.Fatalf("no territory %s", code)
	}
	return found
}

func TestOnlyCallingCodesOfNoCountryHaveNoPlace(t *testing.T) {
	for territory := range numbering.AllTerritories() {
		if ofCountry := !strings.HasPrefix(territory.String(), "+"); Places(territory) != ofCountry {
			t.Errorf("%s is on the map: %v", territory, Places(territory))
		}
	}
}

func TestTheMapIsSmall(t *testing.T) {
	const most = 35 << 10
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := io.WriteString(w, string(Draw(Map{Title: "Refusals"}))); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if zipped.Len() > most {
		t.Errorf("it has %d bytes, of which %d are the most", zipped.Len(), most)
	}
}

// Places by where they are, as parts of a thousand of the map's size.
func TestTerritoriesAreWhereTheyAre(t *testing.T) {
	w := drawn()
	for _, c := range []struct {
		code         string
		left, right  int
		upper, lower int
		dot          bool
	}{
		{"GF", 320, 380, 480, 560, false}, {"FR", 470, 540, 130, 260, false},
		{"NZ", 850, 1000, 830, 990, false}, {"MT", 520, 560, 230, 290, true},
		{"US", 20, 360, 0, 420, false}, {"TV", 970, 1000, 580, 660, true}, {"RE", 620, 680, 680, 760, true},
		{"GI", 470, 500, 220, 290, true}, {"XK", 530, 560, 180, 240, false},
	} {
		p := w.places[territory(t, c.code)]
		if (p.path == "") != c.dot {
			t.Errorf("%s is a dot: %v", c.code, p.path == "")
		}
		x, y := p.x, p.y
		if !c.dot {
			x, y = beginOf(t, p.path)
		}
		if x, y = x*1000/w.width, y*1000/w.height; x < c.left || x > c.right || y < c.upper || y > c.lower {
			t.Errorf("%s is at %d, %d", c.code, x, y)
		}
	}
}

// beginOf is the first point of a path.
func beginOf(t *testing.T, path string) (x, y int) {
	t.Helper()
	found := regexp.MustCompile(`^M(\d+) (\d+)l`).FindStringSubmatch(path)
	if found == nil {
		t.Fatalf("a path begins as %.20q", path)
	}
	for _, digit := range found[1] {
		x = 10*x + int(digit-'0')
	}
	for _, digit := range found[2] {
		y = 10*y + int(digit-'0')
	}
	return x, y
}

func TestStepsAreEachAsManyTimesTheOneBefore(t *testing.T) {
	for _, c := range []struct {
		most  int64
		want  [Steps]int64
		steps map[int64]int
	}{
		{0, [Steps]int64{1, 1, 1, 1, 1}, map[int64]int{0: 0}},
		{1, [Steps]int64{1, 1, 1, 1, 1}, map[int64]int{0: 0, 1: 5}},
		{3, [Steps]int64{1, 2, 2, 2, 3}, map[int64]int{1: 1, 2: 4, 3: 5}},
		{100_000, [Steps]int64{1, 10, 100, 1000, 10_000}, map[int64]int{1: 1, 9: 1, 10: 2, 999: 3, 10_000: 5, 100_000: 5}},
	} {
		bounds := Bounds(c.most)
		if bounds != c.want {
			t.Errorf("up to %d they begin at %v and not %v", c.most, bounds, c.want)
		}
		for count, want := range c.steps {
			if got := step(count, bounds); got != want {
				t.Errorf("of %d, %d is in step %d and not %d", c.most, count, got, want)
			}
		}
	}
}

func TestATerritoryWithAValueHasItsClassTitleAndLink(t *testing.T) {
	svg := string(Draw(Map{Title: `What "we" refused`, Values: map[numbering.Territory]Value{
		territory(t, "UZ"):   {Count: 1000, Text: "1,000 <refused>", Link: "?territory=UZ&x=1"},
		territory(t, "MT"):   {Count: 1, Text: "1 refused"},
		territory(t, "FR"):   {Count: 1, Text: "1 refused", Link: "javascript:alert(1)"},
		territory(t, "DE"):   {Count: 1, Text: "1 refused", Link: "//evil.example"},
		territory(t, "+881"): {Count: 5, Text: "it has no place"},
	}}))
	well(t, svg)
	// Of the golden file, what has a value: the rest is map.txt.
	var lines []string
	for line := range strings.Lines(svg) {
		if !strings.Contains(line, "step0") {
			lines = append(lines, regexp.MustCompile(` d="[^"]*"`).ReplaceAllString(line, ` d="…"`))
		}
	}
	const golden = "testdata/values.svg.txt"
	got := strings.Join(lines, "")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || got != string(want) {
		t.Errorf("%v\n%s", err, got)
	}
	if strings.Contains(svg, "style=") || strings.Contains(svg, "javascript:") || strings.Contains(svg, "evil") {
		t.Error("it has a style or a link of another site")
	}
	for range 3 { // maps have no order of their own
		if again := string(Draw(Map{Title: "Refusals"})); again != string(Draw(Map{Title: "Refusals"})) {
			t.Error("it is drawn in another way each time")
		}
	}
}

// well reports XML that is not well formed.
func well(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAMapThatIsBrokenIsAnError(t *testing.T) {
	for _, text := range []string{"", "2000\n", "2000 867\nQQ 1 2\n", "2000 867\nUS 1\n", "2000 867\nUS x y\n"} {
		if _, err := read(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	values := map[numbering.Territory]Value{territory(b, "US"): {Count: 3, Text: "3 refused"}}
	b.ReportAllocs()
	for b.Loop() {
		Draw(Map{Title: "Refusals", Values: values})
	}
}
