// Sends one message through the gate: node message.js +12015550123
const twilio = require('twilio');

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);

// One product. Without TOLLGATE, requests go where Twilio's hosts resolve to.
if (process.env.TOLLGATE) client.api.baseUrl = process.env.TOLLGATE;

async function main() {
  try {
    const message = await client.messages.create({
      to: process.argv[2],
      from: '+12015550199',
      body: 'Hello',
    });
    console.log(message.sid);
  } catch (error) {
    if (!(error instanceof twilio.RestException)) throw error;
    console.error(error.code, error.message);
    process.exitCode = 1;
  }
}

main();
