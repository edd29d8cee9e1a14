// Closes calls to all high-risk numbers, in every country: node close_high_risk.js
const client = require('./gate');

async function main() {
  const { countries, bulkCountryUpdates } = client.voice.v1.dialingPermissions;
  const risky = (await countries.list({ pageSize: 100 })).filter(
    (country) => country.highRiskSpecialNumbersEnabled || country.highRiskTollfraudNumbersEnabled,
  );
  const done = await bulkCountryUpdates.create({
    updateRequest: JSON.stringify(
      risky.map((country) => ({
        iso_code: country.isoCode,
        high_risk_special_numbers_enabled: 'false',
        high_risk_tollfraud_numbers_enabled: 'false',
      })),
    ),
  });
  console.log(`closed ${done.updateCount}: ${risky.map((country) => country.isoCode).join(' ')}`);
}

main();
