#!/usr/bin/env bash
# Caddy 2.11.9, Caddyfile: of a named route whose directives have no matchers, only the
# first is kept, and nothing says so. The others are not in the adapted JSON: here the
# response is lost, and a client gets an empty 200. With a matcher on any of them, or
# inside a `route` block, all are kept.
#
# Seen (Go 1.26): `headers` alone; with a matcher, `headers` and `static_response`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
caddy() { go run github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.9 "$@" 2>/dev/null; }

caddyfile() {
	cat <<CADDYFILE
&(greeting) {
	header $1 X-From named
	respond "hello" 201
}
:8080 {
	invoke greeting
}
CADDYFILE
}
caddyfile '' >plain.Caddyfile
caddyfile /a >matched.Caddyfile

handlers() { caddy adapt --adapter caddyfile --config "$1" | grep -o '"handler":"[a-z_]*"' | grep -c -e headers -e static_response; }
plain=$(handlers plain.Caddyfile)
matched=$(handlers matched.Caddyfile)
echo "handlers kept: $plain without a matcher, $matched with one"
[ "$plain" = 1 ] && [ "$matched" = 2 ] || exit 1
