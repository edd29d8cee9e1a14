"""Starts a verification by SMS through the gate: python3 verify.py +12015550123"""

import os
import sys
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client


class GateClient(TwilioHttpClient):
    """Sends every request to the gate and leaves it the Host it was meant for,
    by which the gate tells Twilio's products apart."""

    def __init__(self, gate):
        super().__init__()
        self.gate = gate

    def request(self, method, url, *args, **kwargs):
        host = urlsplit(url).netloc
        kwargs["headers"] = {**(kwargs.get("headers") or {}), "Host": host}
        return super().request(method, url.replace("https://" + host, self.gate, 1), *args, **kwargs)


client = Client(
    os.environ["TWILIO_ACCOUNT_SID"],
    os.environ["TWILIO_AUTH_TOKEN"],
    http_client=GateClient(os.environ["TOLLGATE"]),
)

try:
    verification = client.verify.v2.services(os.environ["TWILIO_VERIFY_SERVICE"]).verifications.create(
        to=sys.argv[1], channel="sms"
    )
except TwilioRestException as error:
    sys.exit(f"{error.code} {error.msg}")
print(verification.sid)
