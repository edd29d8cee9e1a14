// Sends one message with a key of the gate's: node key.js +12015550123
const twilio = require('twilio');

const client = twilio(process.env.TWILIO_API_KEY, process.env.TWILIO_API_SECRET, {
  accountSid: process.env.TWILIO_ACCOUNT_SID,
});

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
