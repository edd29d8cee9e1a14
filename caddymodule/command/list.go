package command

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caddy-tollgate/tollgate/internal/decode"
)

// maxLine bounds a line of a list, in bytes.
const maxLine = 1 << 20

// item is one of a list, and the line that it is in, from 1.
type item struct {
	text string
	line int
}

// itemsOf yields the items of a list: one a line, or several with commas between them.
// Space around an item does not count. "#" begins a comment, at the beginning of a line or
// after a space, so that it may occur within an item. A byte-order mark may begin any line,
// as where one file is appended to another. A list is read as it arrives.
func itemsOf(list io.Reader) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		lines := bufio.NewScanner(list)
		lines.Buffer(nil, maxLine)
		n := 0
		for lines.Scan() {
			n++
			line := lines.Text()
			if n == 1 && decode.IsUTF16(lines.Bytes()) {
				yield(item{}, errors.New("the list is UTF-16: save it as UTF-8"))
				return
			}
			for text := range strings.SplitSeq(withoutComment(strings.TrimPrefix(line, "\uFEFF")), ",") {
				if text = strings.TrimSpace(text); text != "" && !yield(item{text, n}, nil) {
					return
				}
			}
		}
		switch err := lines.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			yield(item{}, fmt.Errorf("line %d is longer than %d bytes, the limit: write one item a line", n+1, maxLine))
		case err != nil:
			yield(item{}, err)
		}
	}
}

// listFlag reads a flag that is a list with commas between its items, around which space
// does not count.
func listFlag(cmd *cobra.Command, name string) []string {
	items, _ := cmd.Flags().GetStringSlice(name)
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return items
}

// withoutComment returns a line up to its comment.
func withoutComment(line string) string {
	for i := range len(line) {
		if line[i] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return line[:i]
		}
	}
	return line
}
