// Opens one country to ordinary calls, and writes all others as they were read:
// node write_back.js DE
const client = require('./gate');

async function main() {
  const { countries, bulkCountryUpdates } = client.voice.v1.dialingPermissions;
  const updates = (await countries.list()).map((country) => ({
    iso_code: country.isoCode,
    low_risk_numbers_enabled: String(country.lowRiskNumbersEnabled || country.isoCode === process.argv[2]),
    high_risk_special_numbers_enabled: String(country.highRiskSpecialNumbersEnabled),
    high_risk_tollfraud_numbers_enabled: String(country.highRiskTollfraudNumbersEnabled),
  }));
  const done = await bulkCountryUpdates.create({ updateRequest: JSON.stringify(updates) });
  console.log(`${done.updateRequest}: all of them ${done.updateCount === updates.length}`);
}

main();
