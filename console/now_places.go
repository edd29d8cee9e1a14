package console

import (
	"time"

	"github.com/caddy-tollgate/tollgate/console/chart"
	"github.com/caddy-tollgate/tollgate/console/worldmap"
	"github.com/caddy-tollgate/tollgate/numbering"
)

// mapStep is a class of the map, for its legend.
type mapStep struct {
	Step int
	// From and To are the least and the greatest count of it.
	From, To int64
}

// mostBars is how many rows a list has.
const mostBars = 10

// readPlaces reads what is on the map and in the lists.
func (n *nowPage) readPlaces(v *visit) error {
	since := periodOf(n.Query.Period).times(time.Now())[0]
	report, count := n.refused, v.text("now.refused_count")
	dimensions := []string{"territory", "account", "reason"}
	if n.Query.Show == "sent" {
		report, count, dimensions = n.sent, v.text("now.sent_count"), []string{"territory", "account", "channel"}
	}
	for _, by := range dimensions {
		limit := mostBars
		if by == "territory" { // the map has all
			limit = mostCounts
		}
		rows, err := report(v, since, by, limit)
		if err != nil {
			return err
		}
		if by == "territory" {
			n.place(v, rows)
		}
		b := chart.Bars{Name: v.text("now.by_" + by), Count: count}
		b.Title = b.Name
		for _, c := range rows[:min(len(rows), mostBars)] {
			b.Rows = append(b.Rows, n.bar(v, by, &c))
		}
		drawn, err := b.Draw()
		if err != nil {
			return err
		}
		n.Lists = append(n.Lists, drawn)
	}
	return nil
}

// bar is a row of a list. An account leads to the page of it alone.
func (n *nowPage) bar(v *visit, by string, c *counted) chart.Bar {
	switch by {
	case "territory":
		return chart.Bar{Name: orNone(v, territoryName(c.Territory)), Count: c.Count}
	case "account":
		b := chart.Bar{Name: orNone(v, v.label(c.Account)), Count: c.Count}
		if c.Account != "" && n.Query.Account == "" {
			q := n.filter("account", c.Account, "period", n.Query.Period, "show", n.Query.Show)
			b.Link = "?" + q.Encode()
		}
		return b
	case "channel":
		return chart.Bar{Name: c.Channel, Count: c.Count}
	}
	return chart.Bar{Name: c.Reason, Count: c.Count}
}

// orNone is a name, or what stands for none.
func orNone(v *visit, name string) string {
	if name == "" {
		return v.text("now.none")
	}
	return name
}

// place draws the map.
func (n *nowPage) place(v *visit, rows []counted) {
	m := worldmap.Map{Title: v.text("now.map_refused"), Values: make(map[numbering.Territory]worldmap.Value)}
	if n.Query.Show == "sent" {
		m.Title = v.text("now.map_sent")
	}
	most := int64(0)
	for _, c := range rows {
		t, ok := numbering.ParseTerritory(c.Territory)
		if !ok || !worldmap.Places(t) {
			n.Elsewhere = append(n.Elsewhere, named{orNone(v, territoryName(c.Territory)), c.Count})
			continue
		}
		m.Values[t] = worldmap.Value{Count: c.Count, Text: chart.Number(c.Count)}
		most = max(most, c.Count)
	}
	n.Map = worldmap.Draw(m)
	if most == 0 {
		return
	}
	bounds := worldmap.Bounds(most)
	for i, from := range bounds {
		to := most
		if i+1 < len(bounds) {
			to = bounds[i+1] - 1
		}
		if to >= from { // of small counts some steps are empty
			n.Steps = append(n.Steps, mapStep{i + 1, from, to})
		}
	}
}
