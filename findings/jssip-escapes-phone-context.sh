#!/usr/bin/env bash
# jssip 3.13.8 and sip.js 0.21.2 (npm): a SIP URI whose user part has parameters is
# written back with them escaped: `;phone-context=` becomes `%3Bphone-context%3D`. To a
# reader by RFC 3261 (19.1.4) that is another address, since an escaped reserved character
# is not the same as the character: the number has lost its context, and the user is one
# long name. `sip:alice;day=tuesday@atlanta.com`, an example of the RFC itself (19.1.3),
# changes likewise. What each writes is valid, and neither reports anything.
#
# Seen (Node.js 20): sip:5550123;phone-context=+1201@… is written as
# sip:5550123%3Bphone-context%3D+1201@… by both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent jssip@3.13.8 sip.js@0.21.2

cat >run.cjs <<'JS'
const jssip = (text) => String(require('jssip').URI.parse(text));
const sipjs = (text) => String(require('sip.js').UserAgent.makeURI(text));

const expected = {
  'sip:5550123;phone-context=+1201@example.com;user=phone': 'sip:5550123%3Bphone-context%3D+1201@example.com;user=phone',
  'sip:alice;day=tuesday@atlanta.com': 'sip:alice%3Bday%3Dtuesday@atlanta.com',
};
let same = true;
for (const [text, want] of Object.entries(expected)) {
  console.log(text, '\n  jssip  ', jssip(text), '\n  sip.js ', sipjs(text));
  same = same && jssip(text) === want && sipjs(text) === want;
}
process.exit(same ? 0 : 1);
JS
node run.cjs
