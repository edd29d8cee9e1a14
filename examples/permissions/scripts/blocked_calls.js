// Finds the calls of an account that were refused: node blocked_calls.js 21215
const client = require('./gate');

async function main() {
  const alerts = await client.monitor.v1.alerts.list({ logLevel: 'error' });
  const found = alerts.filter((alert) => alert.errorCode === process.argv[2]);
  console.log(`${process.argv[2]}: ${found.length}`);
}

main();
