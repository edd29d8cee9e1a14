#!/usr/bin/env bash
# zod 4.6.7 (npm): z.e164() refuses numbers of fewer than seven digits. E.164 has a longest
# form, of 15 digits, and no shortest one: Google's metadata (google-libphonenumber 3.2.47)
# knows numbers of six, calling code and all, as valid: fixed lines in Austria, pagers in
# Germany. A form that checks by z.e164() turns their owners away.
#
# Seen (Node.js 20): +431110 and +491640 are valid to libphonenumber and not to zod;
# +6834002, of seven digits, is valid to both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent zod@4.6.7 google-libphonenumber@3.2.47

cat >run.cjs <<'JS'
const { z } = require('zod');
const phone = require('google-libphonenumber').PhoneNumberUtil.getInstance();

let seen = '';
for (const number of ['+431110', '+491640', '+6834002']) {
  const valid = phone.isValidNumber(phone.parse(number, 'ZZ'));
  seen += `${number} libphonenumber ${valid} zod ${z.e164().safeParse(number).success}\n`;
}
process.stdout.write(seen);
process.exit(seen === '+431110 libphonenumber true zod false\n+491640 libphonenumber true zod false\n' +
  '+6834002 libphonenumber true zod true\n' ? 0 : 1);
JS
node run.cjs
