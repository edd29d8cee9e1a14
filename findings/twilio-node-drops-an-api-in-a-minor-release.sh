#!/usr/bin/env bash
# twilio (npm) 6.3.1: `client.numbers.v3`, by which 6.2.0 ordered hosted numbers, is gone,
# in a minor release. A program that used it fails where it sends, with a TypeError about
# an undefined property: npm's "^6.2.0" takes 6.3.1.
#
# Seen (Node.js 20): v3 is an object in 6.2.0 and undefined in 6.3.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent before@npm:twilio@6.2.0 after@npm:twilio@6.3.1

cat >run.cjs <<'JS'
const has = (name) => {
  const client = require(name)('AC00000000000000000000000000000001', 'token');
  return typeof client.numbers.v3;
};
const seen = `${has('before')} before, ${has('after')} after`;
console.log(seen);
process.exit(seen === 'object before, undefined after' ? 0 : 1);
JS
node run.cjs
