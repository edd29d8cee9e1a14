package twilio

// dialling are the TwiML elements whose text is a destination, in lower case
// (https://www.twilio.com/docs/voice/twiml/dial, /refer).
var dialling = set("dial", "number", "sip", "refersip", "whatsapp")

// silent are the other elements of TwiML, which dial nothing by what stands in
// them (https://www.twilio.com/docs/voice/twiml, /docs/messaging/twiml). What
// is in neither list is no TwiML.
var silent = set(
	"application", "applicationsid", "assistant", "body", "client", "conference", "config", "connect",
	"conversation", "conversationrelay", "enqueue", "gather", "hangup", "identity", "language", "leave",
	"media", "message", "parameter", "pause", "pay", "play", "prompt", "queue", "record", "recording",
	"redirect", "refer", "reject", "response", "room", "say", "sim", "siprec", "sms", "start", "stop",
	"stream", "task", "transcription", "virtualagent",
)

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}
