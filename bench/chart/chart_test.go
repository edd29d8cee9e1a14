package chart

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestChartsAreXMLAndShowEachName(t *testing.T) {
	for name, svg := range map[string]string{
		"bars":  Bars("a < b", []Bar{{"first & last", 0.9, 1, 1.1}, {"second", 1.9, 2, 2.1}}),
		"lines": Lines("a < b", []string{"first & last", "second"}, []Line{{"line", []float64{1, 2}}}),
	} {
		var texts []string
		decoder := xml.NewDecoder(strings.NewReader(svg))
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if data, ok := token.(xml.CharData); ok {
				texts = append(texts, string(data))
			}
		}
		all := strings.Join(texts, "\n")
		for _, want := range []string{"a < b", "first & last", "second"} {
			if !strings.Contains(all, want) {
				t.Errorf("%s lack %q", name, want)
			}
		}
	}
}
