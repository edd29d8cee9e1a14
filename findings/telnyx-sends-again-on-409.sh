#!/usr/bin/env bash
# telnyx 7.24.0 (npm): a message that the server refuses with 409 Conflict is posted
# three times, without an idempotency key, as if 409 were a passing fault. A server
# that says "no" by 409 is asked again, and one that has taken the first is given it
# three times.
#
# Seen (Node.js 20): 3 posts, Idempotency-Key on none, then ConflictError 409.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent telnyx@7.24.0

cat >run.cjs <<'JS'
const http = require('node:http');
const Telnyx = require('telnyx').default;

let posts = 0, withKey = 0;
const server = http.createServer((request, response) => {
  posts++;
  if (request.headers['idempotency-key']) withKey++;
  request.resume();
  response.writeHead(409, { 'Content-Type': 'application/json' });
  response.end('{"errors":[{"code":"10000","title":"Conflict"}]}');
}).listen(0, '127.0.0.1', async () => {
  const client = new Telnyx({ apiKey: 'KEY', baseURL: `http://127.0.0.1:${server.address().port}` });
  let thrown;
  try {
    await client.messages.send({ from: '+12015550199', to: '+12015550123', text: 'Hello' });
  } catch (error) {
    thrown = error;
  }
  server.close();
  const seen = `${posts} posts, ${withKey} with a key, then ${thrown?.constructor?.name} ${thrown?.status}`;
  console.log(seen);
  process.exit(seen === '3 posts, 0 with a key, then ConflictError 409' ? 0 : 1);
});
JS
node run.cjs
