// Twilio's library, pointed at the gate. Without TOLLGATE, its requests go to Twilio.
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

const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TOLLGATE } = process.env;

module.exports = twilio(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, {
  httpClient: TOLLGATE ? new GateClient(TOLLGATE) : undefined,
});
