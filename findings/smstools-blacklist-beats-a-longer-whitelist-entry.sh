#!/usr/bin/env bash
# smstools 3.1.21 (Debian 12, 3.1.21-4+b1), blacklist and whitelist: any line of the black
# list counts before all of the white one, whatever the lengths of their prefixes. So a
# black 49 with a white 4915 lets no number of 4915 through.
#
# Seen: 4915… and 4930… fail, 43… is handed on.
set -euo pipefail
folder=$(mktemp -d)
# The service goes into the background by itself, and ends its children.
stop() {
	service=$(cat pid 2>/dev/null) || return 0
	kill "$service" || return 0
	while kill -0 "$service" 2>/dev/null; do sleep 0.1; done
}
trap 'stop; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq smstools=3.1.21-4+b1 libmm14=1.4.2-7 2>/dev/null
for package in *.deb; do dpkg -x "$package" .; done
libraries=$(find "$PWD/usr" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)

mkdir outgoing checked failed incoming sent
printf '49\n' >black
printf '4915\n43\n' >white
cat >smsd.conf <<CONF
devices = GSM1
outgoing = $folder/outgoing
checked = $folder/checked
failed = $folder/failed
incoming = $folder/incoming
sent = $folder/sent
infofile = $folder/info
pidfile = $folder/pid
logfile = $folder/log
blacklist = $folder/black
whitelist = $folder/white
delaytime = 1
[GSM1]
device = /dev/null
CONF
for number in 4915112345678 4930123456 436601234567; do
	printf 'To: %s\n\nhello\n' "$number" >"outgoing/$number"
done
LD_LIBRARY_PATH=$libraries ./usr/sbin/smsd -c smsd.conf >/dev/null 2>&1
for _ in $(seq 100); do
	[ -z "$(ls outgoing)" ] && break
	sleep 0.1
done
failed=$(ls failed | paste -sd' ') passed=$(ls checked | paste -sd' ')
echo "failed: $failed; handed on: $passed"
[ "$failed" = "4915112345678 4930123456" ] && [ "$passed" = 436601234567 ] || { tail -5 log; exit 1; }
