package prefixlist

import "strings"

// sqlToken is a word, a text in single quotes or a sign of SQL.
type sqlToken struct {
	text string
	// quoted says that it is a text, not a word.
	quoted bool
	line   int
}

// is reports whether a token is a word or a sign, in any case of letters.
func (t sqlToken) is(word string) bool { return !t.quoted && strings.EqualFold(t.text, word) }

// sqlTokens splits a dump of a database into tokens. Names in backquotes or double quotes
// become words; comments are dropped.
func sqlTokens(text string) (tokens []sqlToken) {
	number := 1
	take := func(n int) string {
		taken := text[:n]
		number += strings.Count(taken, "\n")
		text = text[n:]
		return taken
	}
	for text != "" {
		switch c := text[0]; {
		case strings.HasPrefix(text, "--"):
			take(endOf(text, "\n"))
		case strings.HasPrefix(text, "/*"):
			take(endOf(text, "*/"))
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			take(1)
		case c == '\'' || c == '"' || c == '`':
			at := number
			value, length := sqlText(text)
			take(length)
			tokens = append(tokens, sqlToken{value, c == '\'', at})
		case strings.IndexByte("(),;", c) >= 0:
			tokens = append(tokens, sqlToken{take(1), false, number})
		default:
			at := number
			n := strings.IndexAny(text[1:]+" ", " \t\r\n(),;'\"`") + 1
			tokens = append(tokens, sqlToken{take(n), false, at})
		}
	}
	return tokens
}

// endOf is the length of a text up to and with an end, or all of it.
func endOf(text, end string) int {
	if i := strings.Index(text, end); i >= 0 {
		return i + len(end)
	}
	return len(text)
}

// sqlText reads a text up to the quote that ends it. A quote in it is doubled or stands
// behind a backslash.
func sqlText(text string) (value string, length int) {
	var b strings.Builder
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case c == quote && i+1 < len(text) && text[i+1] == quote:
			i++
			b.WriteByte(quote)
		case c == quote:
			return b.String(), i + 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), len(text)
}

// sqlRow is a row of an INSERT, with the columns that the statement names, if any.
type sqlRow struct {
	table   string
	columns []string
	values  []string
	line    int
}

// sqlRows yields the rows that the statements insert, and the statements that change a
// table in another way, as rows without values.
func sqlRows(tokens []sqlToken) (rows []sqlRow) {
	for len(tokens) > 0 {
		end := 0
		for end < len(tokens) && !tokens[end].is(";") {
			end++
		}
		rows = append(rows, rowsOf(tokens[:end])...)
		tokens = tokens[min(end+1, len(tokens)):]
	}
	return rows
}

// rowsOf reads one statement.
func rowsOf(s []sqlToken) (rows []sqlRow) {
	if len(s) < 3 {
		return nil
	}
	if !s[0].is("insert") || !s[1].is("into") {
		for _, other := range []string{"delete", "update", "replace", "copy", "truncate", "insert"} {
			if s[0].is(other) {
				for _, t := range s[1:] {
					if _, known := kamailioTables[strings.ToLower(t.text)]; known {
						rows = append(rows, sqlRow{table: strings.ToLower(t.text), line: s[0].line})
					}
				}
			}
		}
		return rows
	}
	table := strings.ToLower(s[2].text)
	columns, rest := tuple(s[3:])
	for i := range columns {
		columns[i] = strings.ToLower(columns[i])
	}
	if len(rest) == 0 || !rest[0].is("values") {
		return []sqlRow{{table: table, line: s[0].line}}
	}
	for rest = rest[1:]; len(rest) > 0; {
		at := rest[0].line
		values, after := tuple(rest)
		if values == nil {
			return append(rows, sqlRow{table: table, line: at})
		}
		rows = append(rows, sqlRow{table, columns, values, at})
		if rest = after; len(rest) > 0 && rest[0].is(",") {
			rest = rest[1:]
		}
	}
	return rows
}

// tuple reads texts in parentheses, and what follows; nil where there are none.
func tuple(s []sqlToken) (values []string, rest []sqlToken) {
	if len(s) == 0 || !s[0].is("(") {
		return nil, s
	}
	for i := 1; i < len(s); i++ {
		switch {
		case s[i].is(")"):
			return values, s[i+1:]
		case s[i].is("("):
			return nil, s
		case !s[i].is(","):
			values = append(values, s[i].text)
		}
	}
	return nil, s
}
