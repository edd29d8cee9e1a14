package chart

import "html/template"

// Bars are counts by name, as a table with a bar in each row.
type Bars struct {
	// Title says what is counted; Name and Count are what the columns are called.
	Title, Name, Count string
	Rows               []Bar
}

// Bar is one row.
type Bar struct {
	Name  string
	Count int64
	// Link is where the name leads, empty for nowhere.
	Link string
}

// barWidth is that of the greatest count, in units of the drawing.
const barWidth = 100

// drawnBar is a row as it is drawn.
type drawnBar struct {
	Bar
	Text  string
	Width float64
}

// Draw returns the table, in the order of the rows. Its classes are `bars`, and in it `count`
// and `meter`; its caption is `hidden` except from screen readers.
func (b Bars) Draw() (template.HTML, error) {
	most := int64(1)
	for _, row := range b.Rows {
		most = max(most, row.Count)
	}
	drawn := struct {
		Bars
		Most  int
		Drawn []drawnBar
	}{Bars: b, Most: barWidth}
	for _, row := range b.Rows {
		drawn.Drawn = append(drawn.Drawn, drawnBar{row, Number(row.Count), round(float64(max(row.Count, 0)) / float64(most) * barWidth)})
	}
	return render("bars", drawn)
}
