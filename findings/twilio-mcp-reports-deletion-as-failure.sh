#!/usr/bin/env bash
# @twilio-alpha/openapi-mcp-server 0.7.0: a deletion that the server answers with 204,
# as its OpenAPI description says, is reported to the model as a failed call
# (JSON-RPC error -32603), though it was carried out. And an argument that the tool's
# schema offers for a query parameter is dropped: the request goes out without a query.
#
# Seen (Node.js 20): error -32603 for the deletion; GET /v1/Things without PageSize.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-fund --no-audit --silent @twilio-alpha/openapi-mcp-server@0.7.0

cat >run.cjs <<'JS'
const fs = require('node:fs'), http = require('node:http'), path = require('node:path');
const { spawn } = require('node:child_process');

const requests = [];
const server = http.createServer((request, response) => {
  requests.push(`${request.method} ${request.url}`);
  request.resume();
  if (request.method === 'DELETE') {
    response.writeHead(204).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end('{"things":[]}');
}).listen(0, '127.0.0.1', () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  fs.mkdirSync('descriptions');
  fs.writeFileSync('descriptions/example_v1.yaml', `openapi: 3.0.1
info: {title: Example, version: 1.0.0}
servers: [{url: '${base}'}]
paths:
  /v1/Things:
    servers: [{url: '${base}'}]
    get:
      operationId: ListThings
      parameters: [{name: PageSize, in: query, schema: {type: integer}}]
      responses: {'200': {description: OK}}
  /v1/Things/{Sid}:
    servers: [{url: '${base}'}]
    delete:
      operationId: DeleteThing
      parameters: [{name: Sid, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: The thing is gone}}
`);
  const folder = path.dirname(require.resolve('@twilio-alpha/openapi-mcp-server/package.json'));
  const { bin } = require('@twilio-alpha/openapi-mcp-server/package.json');
  const program = path.join(folder, typeof bin === 'string' ? bin : Object.values(bin)[0]);
  const child = spawn('node', [program, '--apiPath', path.resolve('descriptions')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ask = (message) => child.stdin.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
  const call = (id, name, args) => ask({ id, method: 'tools/call', params: { name, arguments: args } });

  let deletion;
  const answers = {
    1: () => {
      ask({ method: 'notifications/initialized' });
      call(2, 'ExampleV1--DeleteThing', { Sid: 'TH1' });
    },
    2: (answer) => {
      deletion = answer.error?.code;
      call(3, 'ExampleV1--ListThings', { PageSize: 5 });
    },
    3: () => {
      child.kill();
      server.close();
      console.log('deletion answered with error', deletion, 'requests', requests);
      process.exit(deletion === -32603 && requests.join() === 'DELETE /v1/Things/TH1,GET /v1/Things' ? 0 : 1);
    },
  };
  let text = '';
  child.stdout.on('data', (data) => {
    const lines = (text + data).split('\n');
    text = lines.pop();
    for (const line of lines.filter(Boolean)) {
      const message = JSON.parse(line);
      if (!message.method) answers[message.id]?.(message); // the server logs by requests of its own
    }
  });
  const client = { name: 'example', version: '1.0.0' };
  ask({ id: 1, method: 'initialize', params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: client } });
});
JS
node run.cjs
