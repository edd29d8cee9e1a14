#!/bin/sh
# Starts the gate of this folder, prints the link to its console, and sends for a minute: to
# customers in several territories, to some that are not permitted, and, after 20 seconds, an
# attack on one block of numbers. Ctrl-C ends it, and nothing is left.
set -eu
cd "$(dirname "$0")"

admin=${ADMIN:-localhost:2019} gate=${GATE:-localhost:8080}
acme=AC00000000000000000000000000000001
brazil=AC00000000000000000000000000000002
globex=AC00000000000000000000000000000003

# Two gates on the same ports would share the requests.
for address in "$admin" "$gate"; do
	if curl --silent --output /dev/null --max-time 5 "http://$address/"; then
		echo "Something answers on $address already, such as the quickstart: stop it first." >&2
		exit 1
	fi
done

folder=$(mktemp -d)
trap 'kill "${running:-}" 2>/dev/null && wait "$running"; rm -rf "$folder"' EXIT
trap exit INT TERM
tollgate=${TOLLGATE:-$folder/tollgate}
[ -n "${TOLLGATE:-}" ] || go build -o "$tollgate" ../../cmd/tollgate
STORE=$folder/permissions.db "$tollgate" run --config "${CONFIG:-Caddyfile}" >"$folder/log" 2>&1 &
running=$!

# account states an account, as the operator of this machine: account SID DOCUMENT.
account() {
	answer=$(curl --silent --show-error --fail-with-body --request PUT --header 'Content-Type: application/json' \
		"http://$admin/tollgate/v1/accounts/$1" --data "$2") || { echo "$answer" >&2; exit 1; }
}

# send sends a message by the gate: send ACCOUNT NUMBER.
send() {
	curl --silent --output /dev/null --user "$1:secret" "http://$gate/2010-04-01/Accounts/$1/Messages.json" \
		--data-urlencode "To=$2" --data-urlencode From=+12015550199 --data-urlencode Body=Hello
}

# If the gate ends instead of answering, its log says why.
until curl --silent --output /dev/null --fail "http://$admin/tollgate/v1/revision"; do
	kill -0 "$running" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
	sleep 1
done
account $acme '{"label": "Acme", "messaging": ["US", "CA", "GB"], "voice": {"low_risk": ["US", "CA"]}}'
account $brazil '{"label": "Acme Brazil", "parent": "'$acme'", "messaging": ["BR", "PT"]}'
account $globex '{"label": "Globex", "messaging": ["DE", "FR", "AT"]}'
"$tollgate" console --address "$admin"

second=0
while [ $second -lt 60 ]; do
	number=$((1000 + second * 137))
	send $acme +1201555$number
	send $brazil +551198765$number
	send $globex +491512345$number
	case $((second % 6)) in
	0) send $acme +44740012$number ;;
	1) send $acme +62812345$number ;; # Indonesia is not open
	2) send $globex +3361234$number ;;
	3) send $brazil +99899394$number ;; # the block of the Caddyfile
	4) send $globex +491761234$number ;;
	5) send AC00000000000000000000000000000004 +99891234$number ;;
	esac
	# The attack is on +447400123xxx.
	if [ $second -ge 20 ] && [ $second -lt 40 ]; then
		for i in 0 1 2; do send $acme +447400123$((100 + second * 3 + i)); done
	fi
	sleep "${PAUSE:-1}"
	second=$((second + 1))
done
echo "The minute is over. The gate runs until Ctrl-C."
wait "$running"
