package gate

// VerifyKey is what every request to a gate with a broker pays first.
var VerifyKey = (*Broker).verify

// TargetOf is the target of a request's URL.
var TargetOf = targetOf
