package operations_test

import (
	"github.com/caddy-tollgate/tollgate/carrier/twilio"
	"github.com/caddy-tollgate/tollgate/carrier/twilio/operations"
)

func init() { operations.Carrier = twilio.Twilio{} }
