module github.com/caddy-tollgate/tollgate/carrier/twilio/twiml/testdata/libraries/go

go 1.26.0

require github.com/twilio/twilio-go v1.31.0

require github.com/beevik/etree v1.1.0 // indirect
