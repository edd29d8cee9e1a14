#!/usr/bin/env bash
# messagebird 4.0.1 (npm): an answer of 503 whose JSON has no member "errors" is a
# success to the callback: the error is null, and the body stands where the message
# should. The status is not looked at, so what a proxy answers for a carrier that is
# down is taken for a message sent.
#
# Seen (Node.js 20): error null, response {"error":"unavailable"}.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent messagebird@4.0.1

cat >run.cjs <<'JS'
const http = require('node:http'), https = require('node:https');

// The host is fixed in the package: its HTTPS is led to a plain server on this machine.
const lead = (port) => {
  https.request = (options, more, callback) => {
    if (typeof options === "string" || options instanceof URL) {
      const url = new URL(options);
      options = { path: url.pathname + url.search, ...(typeof more === "object" ? more : {}) };
    }
    callback = typeof more === "function" ? more : callback;
    return http.request({ ...options, protocol: "http:", host: "127.0.0.1", hostname: "127.0.0.1", port, agent: undefined, agents: undefined }, callback);
  };
};

const server = http.createServer((request, response) => {
  request.resume();
  response.writeHead(503, { 'Content-Type': 'application/json' });
  response.end('{"error":"unavailable"}');
}).listen(0, '127.0.0.1', () => {
  lead(server.address().port);
  const client = require('messagebird').initClient('key');
  client.messages.create({ originator: 'Example', recipients: ['12015550123'], body: 'Hello' }, (error, response) => {
    server.close();
    console.log('error', error, 'response', JSON.stringify(response));
    process.exit(error === null && response?.error === 'unavailable' ? 0 : 1);
  });
});
JS
node run.cjs
