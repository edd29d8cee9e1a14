#!/usr/bin/env bash
# Kannel 1.4.5 (Debian 12, 1.4.5-12): allowed-prefix in a sendsms-user group is accepted
# without a warning and has no effect. The same line in an smsc group has: there, a number
# that no connection allows is not routable.
#
# Seen: with 49;44 allowed to the connection and 49 to the user, 49… and 44… are accepted,
# 33… is not routable.
set -euo pipefail
folder=$(mktemp -d)
stop() { for pid in "${smsbox:-}" "${bearerbox:-}"; do [ -z "$pid" ] || kill "$pid" || true; done; wait; }
trap 'stop 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq kannel=1.4.5-12 libct4=1.3.17+ds-2 libhiredis0.14=0.14.1-3 libpcre3=2:8.39-15 \
	libmariadb3 libpq5 libsqlite3-0 libxml2 2>/dev/null
for package in *.deb; do dpkg -x "$package" .; done
LD_LIBRARY_PATH=$(find "$PWD/usr" "$PWD/lib" -name '*.so*' -printf '%h\n' 2>/dev/null | sort -u | paste -sd:)
export LD_LIBRARY_PATH

cat >kannel.conf <<'CONF'
group = core
admin-port = 23000
admin-password = example
admin-interface = 127.0.0.1
smsbox-port = 23001
box-allow-ip = 127.0.0.1

group = smsc
smsc = http
smsc-id = carrier
system-type = kannel
port = 23002
send-url = "http://127.0.0.1:23009/"
smsc-username = example
smsc-password = example
allowed-prefix = "49;44"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = 23003
sendsms-interface = 127.0.0.1

group = sendsms-user
username = tester
password = example
allowed-prefix = 49
CONF
./usr/sbin/bearerbox kannel.conf >bearerbox.log 2>&1 &
bearerbox=$!
sleep 2
./usr/sbin/smsbox kannel.conf >smsbox.log 2>&1 &
smsbox=$!
ask() {
	curl -s --retry 5 --retry-connrefused --retry-delay 1 -o /dev/null -w '%{http_code}' \
		"http://127.0.0.1:23003/cgi-bin/sendsms?username=tester&password=example&from=100&text=hello&to=$1"
}
german=$(ask 4930123456) british=$(ask 447400123456) french=$(ask 33612345678)
echo "49: $german, 44: $british, 33: $french"
grep -i 'prefix' smsbox.log | grep -i -e warning -e error && exit 1
[ "$german" = 202 ] && [ "$british" = 202 ] && [ "$french" = 403 ] || { tail -5 bearerbox.log smsbox.log; exit 1; }
