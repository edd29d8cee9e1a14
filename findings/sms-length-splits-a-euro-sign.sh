#!/usr/bin/env bash
# sms-length 0.2.2 (npm): of a long text it divides the septets by 153, though a character
# of two septets, such as the euro sign, must not be cut in two between segments (3GPP TS
# 23.040, 9.2.3.24.1). Where one would be, the phone gets a segment more than was counted,
# and so does the bill. Twilio's own calculator and split-sms count it.
#
# Seen (Node.js 20): 152 letters, a euro sign and 152 letters are 2 messages to sms-length,
# 3 to sms-segments-calculator 1.3.0 and to split-sms 0.1.7.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent sms-length@0.2.2 sms-segments-calculator@1.3.0 split-sms@0.1.7

cat >run.cjs <<'JS'
const text = 'a'.repeat(152) + '€' + 'a'.repeat(152);
const counted = require('sms-length').count(text).messages;
const { SegmentedMessage } = require('sms-segments-calculator');
const twilio = new SegmentedMessage(text).segmentsCount;
const split = require('split-sms').split(text).parts.length;
console.log(`sms-length ${counted}, sms-segments-calculator ${twilio}, split-sms ${split}`);
process.exit(counted === 2 && twilio === 3 && split === 3 ? 0 : 1);
JS
node run.cjs
