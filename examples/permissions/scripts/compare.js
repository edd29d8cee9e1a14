// Compares the countries that may be called with a list: node compare.js US GB
const client = require('./gate');

async function main() {
  const wanted = new Set(process.argv.slice(2));
  const enabled = await client.voice.v1.dialingPermissions.countries.list({ lowRiskNumbersEnabled: true });
  const open = new Set(enabled.map((country) => country.isoCode));
  console.log(`not in the list: ${[...open].filter((code) => !wanted.has(code)).join(' ')}`);
  console.log(`not open: ${[...wanted].filter((code) => !open.has(code)).join(' ')}`);
}

main();
