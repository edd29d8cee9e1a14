#!/usr/bin/env bash
# SQLite 3.54.1 (modernc.org/sqlite v1.62.0), without ANALYZE: a report of one day, of a table without
# rowid whose primary key begins with the time, GROUP BY a column that has an index of its own. The
# range of the primary key is the day. SQLite reads the whole index instead, in the order of the
# groups, to save the sorting of a few rows; each of its entries has the whole primary key, so it is
# a covering one. GROUP BY an expression, such as column || '', goes by the range.
#
# Seen (Go 1.26): the plan of one is SCAN … USING COVERING INDEX, of the other SEARCH … USING
# PRIMARY KEY with a sort.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"database/sql"
	"fmt"
	"os"
	"strings"

	_ "modernc.org/sqlite"
)

func main() {
	db, err := sql.Open("sqlite", "file:example.sqlite")
	check(err)
	_, err = db.Exec(`
		CREATE TABLE refusals (time INTEGER, id TEXT, account TEXT, PRIMARY KEY (time, id)) WITHOUT ROWID;
		CREATE INDEX by_account ON refusals (account, time);
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
		INSERT INTO refusals SELECT i * 30, i, 'account ' || (i % 1000) FROM n;`)
	check(err)
	var version string
	check(db.QueryRow("SELECT sqlite_version()").Scan(&version))
	const report = "SELECT %s, count(*) FROM refusals WHERE time >= 2900000 GROUP BY 1"
	plain, expression := planOf(db, fmt.Sprintf(report, "account")), planOf(db, fmt.Sprintf(report, "account || ''"))
	fmt.Println(version)
	fmt.Println("account:", plain)
	fmt.Println("account || '':", expression)
	if !strings.Contains(plain, "USING COVERING INDEX by_account") || !strings.HasPrefix(plain, "SCAN") ||
		!strings.Contains(expression, "SEARCH refusals USING PRIMARY KEY (time>?)") {
		os.Exit(1)
	}
}

func planOf(db *sql.DB, query string) string {
	rows, err := db.Query("EXPLAIN QUERY PLAN " + query)
	check(err)
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		check(rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	check(rows.Err())
	return strings.Join(steps, "; ")
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get modernc.org/sqlite@v1.62.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .
