#!/bin/sh
# Sends one message with Twilio's CLI: sh message.sh +12015550123
#
# It has no option for another address. TWILIO_REGION with a label of your own,
# or private DNS, brings its requests to the gate.
exec twilio api:core:messages:create --to "$1" --from +12015550199 --body Hello --properties sid
