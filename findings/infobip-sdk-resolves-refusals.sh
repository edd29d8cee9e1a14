#!/usr/bin/env bash
# @infobip-api/sdk 0.3.2: a send that the server refuses with 403 does not reject.
# The promise resolves, with the AxiosError as its value, so code that awaits a send
# in try and catch takes a refusal for a message sent.
#
# Seen (Node.js 20): resolved with AxiosError, status 403.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent @infobip-api/sdk@0.3.2

cat >run.cjs <<'JS'
const http = require('node:http');
const { Infobip, AuthType } = require('@infobip-api/sdk');

const refusal = '{"requestError":{"serviceException":{"messageId":"FORBIDDEN","text":"Forbidden"}}}';
const server = http.createServer((request, response) => {
  request.resume();
  response.writeHead(403, { 'Content-Type': 'application/json' });
  response.end(refusal);
}).listen(0, '127.0.0.1', async () => {
  const client = new Infobip({
    baseUrl: `http://127.0.0.1:${server.address().port}`, apiKey: 'key', authType: AuthType.ApiKey,
  });
  let seen;
  try {
    const value = await client.channels.sms.send({
      messages: [{ destinations: [{ to: '12015550123' }], from: 'Example', text: 'Hello' }],
    });
    seen = `resolved with ${value?.constructor?.name}, status ${value?.response?.status}`;
  } catch (error) {
    seen = `rejected with ${error?.constructor?.name}`;
  }
  server.close();
  console.log(seen);
  process.exit(seen === 'resolved with AxiosError, status 403' ? 0 : 1);
});
JS
node run.cjs
