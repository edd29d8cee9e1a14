package main

import (
	"math"
	"strings"
	"testing"
)

func TestEqualEarthIsAsItsAuthorsSay(t *testing.T) {
	for _, c := range []struct{ lon, lat, x, y float64 }{
		{0, 0, 0, 0}, {180, 0, 2.70663, 0}, {0, 90, 0, 1.31736}, {0, -90, 0, -1.31736},
	} {
		x, y := equalEarth(degrees{c.lon, c.lat})
		if math.Abs(x-c.x) > 1e-4 || math.Abs(y-c.y) > 1e-4 {
			t.Errorf("%v, %v is at %v, %v", c.lon, c.lat, x, y)
		}
	}
}

func TestARingThatCrossesTheAntimeridianIsCutThere(t *testing.T) {
	lines := [][]degrees{
		{{170, 60}, {-170, 60}, {-170, 70}},
		{{170, 60}, {170, 70}, {-170, 70}},
	}
	rings := ringsOf(lines, []int{0, ^1})
	if len(rings) != 2 {
		t.Fatalf("%d rings", len(rings))
	}
	left, right := center(rings[1]), center(rings[0])
	if left.x > right.x {
		left, right = right, left
	}
	if left.x > width/3 || right.x < width*2/3 || math.Abs(area(rings[0])-area(rings[1])) > 1 {
		t.Errorf("they are at %v and %v, %v and %v large", left, right, area(rings[0]), area(rings[1]))
	}
}

func TestSimplifyingKeepsTheEndsAndWhatIsSeen(t *testing.T) {
	line := []degrees{{0, 0}, {1, 0.01}, {2, 0}, {3, 5}, {4, 0}, {5, -0.01}, {6, 0}}
	got := simplify(line)
	if len(got) != 5 || got[0] != line[0] || got[2] != line[3] || got[4] != line[6] {
		t.Errorf("it leaves %v", got)
	}
}

func TestAPathIsInSmallWholeSteps(t *testing.T) {
	for _, c := range []struct {
		says  string
		rings [][]point
		want  string
	}{
		{"a triangle", [][]point{{{10, 20}, {13.4, 20}, {13, 15.6}}}, "M10 20l3 0 0-4z"},
		{"points that fall together", [][]point{{{10, 20}, {10.1, 20}, {13, 20}, {13, 16}}}, "M10 20l3 0 0-4z"},
		{"nothing that is left of a ring", [][]point{{{10, 20}, {10.1, 20}, {10.2, 20}}}, ""},
	} {
		if got := pathOf(c.rings); got != c.want {
			t.Errorf("%s: %q and not %q", c.says, got, c.want)
		}
	}
}

func TestBordersOfAnotherVersionAreRefused(t *testing.T) {
	if _, err := readTopology(strings.NewReader(`{"type": "Topology"}`)); err == nil || !strings.Contains(err.Error(), "SHA-256") {
		t.Errorf("reading others returns %v", err)
	}
}
