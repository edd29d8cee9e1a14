"""Twilio's library, pointed at the gate. Without TOLLGATE, its requests go to Twilio."""

import os
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client


class GateClient(TwilioHttpClient):
    """Sends every request to the gate and leaves it the Host it was meant for,
    by which the gate tells Twilio's products apart."""

    def __init__(self, gate):
        super().__init__()
        self.gate = gate

    def request(self, method, url, *args, **kwargs):
        target = urlsplit(url)
        kwargs["headers"] = {**(kwargs.get("headers") or {}), "Host": target.netloc}
        origin = f"{target.scheme}://{target.netloc}"
        return super().request(method, url.replace(origin, self.gate, 1), *args, **kwargs)


gate = os.environ.get("TOLLGATE")
client = Client(
    os.environ["TWILIO_ACCOUNT_SID"],
    os.environ["TWILIO_AUTH_TOKEN"],
    http_client=GateClient(gate) if gate else None,
)
