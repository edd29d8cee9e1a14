package credentials

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
)

const (
	formType   = "application/x-www-form-urlencoded"
	jsonType   = "application/json"
	verifyPath = "/v2/Services/VA11111111111111111111111111111111/Verifications"
)

// request is a POST to a product.
func request(product, path, contentType string) *carrier.Request {
	return &carrier.Request{
		Method: http.MethodPost, Host: product + ".twilio.com", Path: path, HasBody: true,
		Header: http.Header{"Content-Type": {contentType}},
	}
}
