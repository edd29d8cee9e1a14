package review

import (
	"fmt"
	"io"
	"strings"
)

// WriteWorkflowCommands writes remarks as commands of GitHub's workflows, each a line, which
// GitHub shows beside the lines of a pull request
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
// Paths below the directory are relative to it.
func WriteWorkflowCommands(w io.Writer, remarks []Remark, directory string) error {
	var p strings.Builder
	for i := range remarks {
		r := &remarks[i]
		level := "warning"
		if r.Code == Mistake {
			level = "error"
		}
		properties := []string{"title=tollgate " + string(r.Code)}
		if r.File != "" {
			properties = append(properties, "file="+escapedProperty(relativeTo(r.File, directory)))
		}
		if r.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", r.Line))
		}
		if r.Column > 0 {
			properties = append(properties, fmt.Sprintf("col=%d", r.Column))
		}
		fmt.Fprintf(&p, "::%s %s::%s\n", level, strings.Join(properties, ","), escapedMessage(r.Text))
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// A message may have any character but these, and a property neither "," nor ":" besides.
var (
	messageEscapes  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func escapedMessage(text string) string { return messageEscapes.Replace(text) }

func escapedProperty(text string) string { return propertyEscapes.Replace(text) }
