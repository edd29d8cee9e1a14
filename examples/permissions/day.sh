#!/bin/sh
# A day of an account's permissions, by the API of the gate in this folder:
#
#   tollgate run --config examples/permissions/Caddyfile
#   examples/permissions/day.sh
#
# Each step says what was answered. An answer that is not as expected ends the day.
set -eu

api=${API:-localhost:8082}/tollgate/v1
gate=${GATE:-localhost:8080}
account=AC00000000000000000000000000000001

# as asks the API for something as one of its users: as USER STATUS [curl's arguments].
as() {
	user=$1 want=$2
	shift 2
	printf '%s: ' "$user"
	expect "$want" --user "$user:$user-example" --header 'Content-Type: application/json' "$@"
}

# sends asks the gate for a message to a number: sends STATUS NUMBER.
sends() {
	printf 'a message to %s: ' "$2"
	expect "$1" --user "$account:secret" "$gate/2010-04-01/Accounts/$account/Messages.json" \
		--data-urlencode "To=$2" --data-urlencode From=+12015550199 --data-urlencode Body=Hello
}

# expect prints the status of an answer: expect STATUS [curl's arguments].
expect() {
	want=$1
	shift
	status=$(curl --silent --output /dev/null --write-out '%{http_code}' "$@")
	echo "$status"
	[ "$status" = "$want" ] || { echo "expected $want" >&2; exit 1; }
}

echo "# Onboarding: the account signs up, and may send a moment later."
sends 401 +12015550123
as bob 201 --request PUT --header 'If-None-Match: *' "$api/accounts/$account?ticket=OPS-900" \
	--data '{"label": "Acme", "messaging": ["US", "CA"]}'
sends 201 +12015550123
sends 400 +6281234567890

echo "# An opening: Indonesia for a launch. It ends by itself."
as carol 403 --request PUT "$api/accounts/$account" --data '{"messaging": ["*"]}'
as bob 200 --request PUT "$api/accounts/$account?ticket=OPS-901" --data '{
	"label": "Acme", "messaging": ["US", "CA"],
	"openings": [{"territory": "ID", "channel": "messaging", "reason": "launch in Jakarta",
		"ticket": "OPS-901", "until": "2099-12-31"}]}'
sends 201 +6281234567890

echo "# An incident: the account's key has leaked. Nothing goes out until it is resumed."
as alice 200 --request PUT "$api/accounts/$account?reason=leaked+key" --data '{
	"label": "Acme", "messaging": ["US", "CA"],
	"suspended": {"reason": "leaked key, incident 4712"}}'
sends 401 +12015550123

echo "# The morning after: the account is resumed, as it was before the launch."
as carol 200 "$api/accounts/$account"
as alice 200 --request PUT "$api/accounts/$account?reason=new+key" \
	--data '{"label": "Acme", "messaging": ["US", "CA"]}'
sends 201 +12015550123
sends 400 +6281234567890

echo "# The end: the account leaves."
as bob 200 --request DELETE "$api/accounts/$account"
sends 401 +12015550123
