// Opens the home country of a new subaccount to ordinary calls, and no other: by
// its own credential, node open_home.js DE
const client = require('./gate');

async function main() {
  const { countries, settings, bulkCountryUpdates } = client.voice.v1.dialingPermissions;
  // What it has inherited is its own from now on.
  const own = await settings().update({ dialingPermissionsInheritance: false });
  console.log(`inherits: ${own.dialingPermissionsInheritance}`);
  const inherited = await countries.list({ lowRiskNumbersEnabled: true });
  const updates = inherited.map((country) => ({
    iso_code: country.isoCode,
    low_risk_numbers_enabled: 'false',
  }));
  updates.push({
    iso_code: process.argv[2],
    low_risk_numbers_enabled: 'true',
    high_risk_special_numbers_enabled: 'false',
    high_risk_tollfraud_numbers_enabled: 'false',
  });
  await bulkCountryUpdates.create({ updateRequest: JSON.stringify(updates) });
  const enabled = await countries.list({ lowRiskNumbersEnabled: true });
  console.log(`open: ${enabled.map((country) => country.isoCode).join(' ')}`);
}

main();
