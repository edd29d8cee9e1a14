"""Sends one message through the gate: python3 message.py +12015550123"""

import os
import sys

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

client = Client(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])

# One product. Without TOLLGATE, requests go where Twilio's hosts resolve to.
if os.environ.get("TOLLGATE"):
    client.api.base_url = os.environ["TOLLGATE"]

try:
    message = client.messages.create(to=sys.argv[1], from_="+12015550199", body="Hello")
except TwilioRestException as error:
    sys.exit(f"{error.code} {error.msg}")
print(message.sid)
