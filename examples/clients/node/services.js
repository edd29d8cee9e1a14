// Lists the services of Verify, all pages of them, where one base URL stands for
// all products: node services.js
const twilio = require('twilio');

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);

// Each product below its name. Without TOLLGATE, requests go where Twilio's hosts
// resolve to.
if (process.env.TOLLGATE) {
  client.api.baseUrl = process.env.TOLLGATE;
  client.verify.baseUrl = `${process.env.TOLLGATE}/verify`;
}

async function main() {
  try {
    const services = await client.verify.v2.services.list();
    for (const service of services) console.log(service.sid);
  } catch (error) {
    if (!(error instanceof twilio.RestException)) throw error;
    console.error(error.code, error.message);
    process.exitCode = 1;
  }
}

main();
