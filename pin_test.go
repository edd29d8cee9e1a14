package tollgate
import (
 _ "github.com/nyaruka/phonenumbers"
 _ "github.com/hashicorp/golang-lru/v2"
 _ "github.com/twilio/twilio-go"
)
