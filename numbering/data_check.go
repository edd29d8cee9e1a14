package numbering

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What data of a file may differ by from those that are built in. From libphonenumber
// 9.0.32 to 9.0.43, no number moved to another territory, and of the average territory
// 0.5 % of the listed numbers were withdrawn; of Zimbabwe 69 %.
const (
	// mostMoved and mostWithdrawn are shares of a territory's listed numbers, on average
	// over all territories; withdrawn is what is unlisted or of another kind.
	mostMoved     = 0.01
	mostWithdrawn = 0.10
	// mostMovedOfOne is the share of one territory.
	mostMovedOfOne = 0.5
)

// CheckSince returns an error if the data are worse than earlier ones in a way that no
// release of libphonenumber is: older, without a territory, or with many numbers that
// belong elsewhere or nowhere.
func (d *Data) CheckSince(earlier *Data) error {
	version, before := d.Metadata().Version, earlier.Metadata().Version
	numbers, err := parseVersion(version)
	if err != nil {
		return err
	}
	least, err := parseVersion(before)
	if err != nil {
		return err
	}
	if slices.Compare(numbers[:], least[:]) < 0 {
		return fmt.Errorf("the data are of libphonenumber %s, older than %s, which is built in", version, before)
	}
	moved, withdrawn, territories := 0.0, 0.0, 0
	differences := Compare(earlier, d)
	for t := range AllTerritories() {
		difference := differences[t]
		if difference.Before == 0 {
			continue
		}
		all := float64(difference.Before)
		territories++
		moved += float64(difference.Moved) / all
		withdrawn += float64(difference.Unlisted+difference.OtherKind) / all
		switch {
		case float64(difference.Moved) > mostMovedOfOne*all:
			return fmt.Errorf("the data give %.0f %% of the numbers of %s %s to others", 100*float64(difference.Moved)/all, t, t.Name())
		case difference.After == 0:
			return fmt.Errorf("the data have no number of %s %s", t, t.Name())
		}
	}
	if share := moved / float64(territories); share > mostMoved {
		return fmt.Errorf("the data give %.1f %% of the average territory's numbers to others: the limit is %.0f %%", 100*share, 100*mostMoved)
	}
	if share := withdrawn / float64(territories); share > mostWithdrawn {
		return fmt.Errorf("the data withdraw %.1f %% of the average territory's numbers or give them another kind: the limit is %.0f %%",
			100*share, 100*mostWithdrawn)
	}
	return nil
}

// parseVersion reads a version of libphonenumber, such as 9.0.43.
func parseVersion(text string) (numbers [3]int, err error) {
	parts := strings.Split(text, ".")
	if len(parts) != len(numbers) {
		return numbers, fmt.Errorf("the version %q does not have three numbers", text)
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil {
			return numbers, fmt.Errorf("reading the version %q: %w", text, err)
		}
		numbers[i] = int(n)
	}
	return numbers, nil
}
