package twilio

// products are the names of Twilio's API products, after the servers in
// Twilio's OpenAPI descriptions (github.com/twilio/twilio-oai, 2026-04-14) and,
// for the last rows, Twilio's documentation.
var products = []string{
	"api", "accounts", "assistants", "bulkexports", "chat", "content",
	"conversations", "events", "flex-api", "frontline-api", "iam", "insights",
	"intelligence", "ip-messaging", "knowledge", "lookups", "marketplace",
	"messaging", "microvisor", "monitor", "notify", "numbers", "oauth",
	"preview", "pricing", "proxy", "routes", "serverless", "studio",
	"supersim", "sync", "taskrouter", "trunking", "trusthub", "verify",
	"video", "voice", "wireless",
	"webhooks",
	"comms", "mcs", "media", "memory", "preview-iam", "preview.messaging", "serverless-upload",
}

// streamed are products that take uploads of any size and type and can reach
// no phone.
var streamed = []string{"mcs", "media", "serverless-upload", "sync"}
