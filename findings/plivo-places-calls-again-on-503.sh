#!/usr/bin/env bash
# plivo 4.79.0 (npm): a call that is answered with 503 is posted three times, a
# message once, by one and the same client. Nothing in the request lets the server
# see that it is the same call: a carrier that has placed the first and failed to say
# so places three.
#
# Seen (Node.js 20): 3 posts of the call, 1 of the message.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent plivo@4.79.0

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

const posts = { call: 0, message: 0 };
const server = http.createServer((request, response) => {
  posts[request.url.includes('/Call/') ? 'call' : 'message']++;
  request.resume();
  response.writeHead(503, { 'Content-Type': 'application/json' });
  response.end('{"error":"unavailable"}');
}).listen(0, '127.0.0.1', async () => {
  lead(server.address().port);
  const plivo = require('plivo');
  const client = new plivo.Client('MAXXXXXXXXXXXXXXXXXX', 'token');
  await client.messages.create({ src: '12015550199', dst: '12015550123', text: 'Hello' }).catch(() => {});
  await client.calls.create('12015550199', '12015550123', 'https://example.com/answer').catch(() => {});
  server.close();
  console.log(`${posts.call} posts of the call, ${posts.message} of the message`);
  process.exit(posts.call === 3 && posts.message === 1 ? 0 : 1);
});
JS
node run.cjs
