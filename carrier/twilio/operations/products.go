package operations

// Products are the names of Twilio's API products, after the servers in
// Twilio's OpenAPI descriptions (github.com/twilio/twilio-oai, 2026-04-14) and,
// for the last rows, Twilio's documentation.
var Products = []string{
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

// uploads are the paths of those products whose bodies are files. They are known by them
// where all products are at one place
// (https://www.twilio.com/docs/conversations/media-support-conversations,
// https://www.twilio.com/docs/serverless/api/resource/function-version,
// https://www.twilio.com/docs/serverless/api/resource/asset-version).
var uploads = []string{
	"/{Version}/Services/{ServiceSid}/Media",
	"/{Version}/Services/{ServiceSid}/Functions/{FunctionSid}/Versions",
	"/{Version}/Services/{ServiceSid}/Assets/{AssetSid}/Versions",
}
