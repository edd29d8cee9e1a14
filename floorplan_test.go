package tollgate_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/caddy-tollgate/tollgate/internal/harness"
)

// drawing is the floor plan in CONTRIBUTING.md.
var drawing = regexp.MustCompile("(?s)(## The floor plan\n.*?```text\n)(.*?)(```)")

// With -update, CONTRIBUTING.md gets the floor plan that the table of rooms makes.
func TestTheFloorPlanIsThatOfTheRooms(t *testing.T) {
	page := readFile(t, "CONTRIBUTING.md")
	match := drawing.FindStringSubmatch(page)
	if match == nil {
		t.Fatal("CONTRIBUTING.md has no floor plan")
	}
	plan := floorPlan()
	if *harness.Update {
		page = strings.Replace(page, match[0], match[1]+plan+match[3], 1)
		if err := os.WriteFile("CONTRIBUTING.md", []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if match[2] != plan {
		t.Errorf("the floor plan in CONTRIBUTING.md is\n%s\nand not that of the rooms (go test -run FloorPlan -update . writes it)\n%s", match[2], plan)
	}
}

// floorPlan draws the rooms from the top down. A room stands one floor above the highest
// that it imports, so all arrows lead down; those that others imply are left out.
func floorPlan() string {
	floor, below := map[string]int{}, map[string]map[string]bool{}
	top := 0
	for _, room := range rooms {
		below[room.name] = map[string]bool{}
		for _, other := range strings.Fields(room.imports) {
			floor[room.name] = max(floor[room.name], floor[other]+1)
			below[room.name][other] = true
			for further := range below[other] {
				below[room.name][further] = true
			}
		}
		top = max(top, floor[room.name])
	}
	var plan strings.Builder
	for ; top >= 0; top-- {
		fmt.Fprintf(&plan, "%2d ", top)
		indent := ""
		for _, room := range rooms {
			if floor[room.name] != top {
				continue
			}
			var arrows []string
			for _, other := range strings.Fields(room.imports) {
				implied := slices.ContainsFunc(strings.Fields(room.imports), func(further string) bool { return below[further][other] })
				if !implied {
					arrows = append(arrows, drawn(other))
				}
			}
			line := fmt.Sprintf("%s┌ %-26s", indent, drawn(room.name))
			if len(arrows) > 0 {
				line += " ─▶ " + strings.Join(arrows, "  ")
			}
			fmt.Fprintln(&plan, strings.TrimRight(line, " "))
			indent = "   "
		}
	}
	return plan.String()
}

// drawn is the name of a room in the drawing.
func drawn(room string) string {
	if room == "." {
		return "tollgate.go"
	}
	return room
}
