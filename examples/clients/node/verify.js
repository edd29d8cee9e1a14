// Starts a verification by SMS through the gate: node verify.js +12015550123
const twilio = require('twilio');

// Sends every request to the gate and leaves it the Host it was meant for, by
// which the gate tells Twilio's products apart.
class GateClient extends twilio.RequestClient {
  constructor(gate) {
    super();
    this.gate = gate;
  }

  request(options) {
    const { origin, host } = new URL(options.uri);
    return super.request({
      ...options,
      uri: options.uri.replace(origin, this.gate),
      headers: { ...options.headers, Host: host },
    });
  }
}

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN, {
  httpClient: new GateClient(process.env.TOLLGATE),
});

async function main() {
  try {
    const verification = await client.verify.v2
      .services(process.env.TWILIO_VERIFY_SERVICE)
      .verifications.create({ to: process.argv[2], channel: 'sms' });
    console.log(verification.sid);
  } catch (error) {
    if (!(error instanceof twilio.RestException)) throw error;
    console.error(error.code, error.message);
    process.exitCode = 1;
  }
}

main();
