#!/usr/bin/env bash
# github.com/nyaruka/phonenumbers v1.8.1, GetTimezonesForNumber: a mobile number of a country with
# several time zones is in one of them, whatever its area. libphonenumber in Java looks only
# geographical numbers up by their digits, and takes all zones of the country for others
# (PhoneNumberToTimeZonesMapper.getTimeZonesForNumber); the Go module looks all up. +7 914 is of
# operators from Irkutsk to Vladivostok, five to seven hours ahead of Moscow.
#
# Seen (Go 1.26): +7 914 is Europe/Moscow, +61 4 Australia/Sydney and +34 6 Europe/Madrid alone;
# a landline of +61 8 has two zones, and a mobile number of Kazakhstan, +7 701, has two.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

func main() {
	changed := false
	for _, row := range []struct{ number, zones string }{
		{"+79140001234", "Europe/Moscow"},
		{"+61412345678", "Australia/Sydney"},
		{"+34612345678", "Europe/Madrid"},
		{"+61891001234", "Australia/Adelaide Australia/Perth"},
		{"+77011234567", "Asia/Almaty Asia/Aqtobe"},
	} {
		number, err := phonenumbers.Parse(row.number, "")
		if err != nil || !phonenumbers.IsValidNumber(number) {
			fmt.Println(row.number, "is not valid:", err)
			os.Exit(1)
		}
		zones, err := phonenumbers.GetTimezonesForNumber(number)
		isMobile := phonenumbers.GetNumberType(number) == phonenumbers.MOBILE
		fmt.Println(row.number, "mobile:", isMobile, zones, err)
		changed = changed || err != nil || strings.Join(zones, " ") != row.zones
	}
	if changed {
		os.Exit(1)
	}
}
GO
go mod init example >/dev/null 2>&1
go get github.com/nyaruka/phonenumbers@v1.8.1 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .
