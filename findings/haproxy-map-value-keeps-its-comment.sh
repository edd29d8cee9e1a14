#!/usr/bin/env bash
# HAProxy 2.6.12 (Debian 12, 2.6.12-1+deb12u4), map files: "#" begins a comment only as the
# first character of a line. Behind a value, the comment is part of the value, without a
# warning, so a rule that compares the value with a word is not met. A key without a value
# is found, and empty: the default of the converter does not count for it.
#
# Seen: of the lines below, 44 is "west"; 49 is "east # Germany"; 33 is empty; what is in no
# line has the default.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${proxy:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq haproxy=2.6.12-1+deb12u4 liblua5.3-0=5.3.6-2 \
	libopentracing-c-wrapper0=1.1.3-3+b1 libopentracing1=1.6.0-4 2>/dev/null
for package in *.deb; do dpkg -x "$package" .; done
libraries=$(find "$PWD/usr" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)

cat >destinations.map <<'MAP'
# Germany and the United Kingdom
44 west
49 east # Germany
33
MAP
cat >haproxy.cfg <<CFG
defaults
	mode http
	timeout client 5s
	timeout server 5s
	timeout connect 5s
frontend gate
	bind unix@$folder/socket
	http-request return status 200 content-type text/plain lf-string "%[url_param(to),map_beg(destinations.map,north)]"
CFG
LD_LIBRARY_PATH=$libraries ./usr/sbin/haproxy -f haproxy.cfg >log 2>&1 &
proxy=$!
ask() { curl -s --unix-socket socket "http://gate/?to=$1"; }
while [ ! -S socket ]; do kill -0 "$proxy"; done

seen="44: $(ask 4420) | 49: $(ask 4930) | 33: $(ask 3361) | 1: $(ask 1201)"
echo "$seen"
grep -i warning log && exit 1
[ "$seen" = "44: west | 49: east # Germany | 33:  | 1: north" ] || exit 1
