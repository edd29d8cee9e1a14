package operations

import "regexp"

// notJudged are parameters that may hold a number without one being judged.
var notJudged = []exception{
	{"api", "*/IncomingPhoneNumbers*", "PhoneNumber", "the number to be bought"},
	{"api", "*/Calls/{CallSid}/Streams.json", "Url", "where audio is streamed to"},
	{"accounts", "/v1/ComplianceSignals/Check", "/to", "asks whether a recipient may be messaged now"},
	{"accounts", "/v1/Consents/Bulk", "Items", "what recipients have agreed to"},
	{"accounts", "/v1/Contacts/Bulk", "Items", "where recipients live"},
	{"chat", "*", "Attributes", "the application's own data"},
	{"ip-messaging", "*", "Attributes", "the application's own data"},
	{"conversations", "*", "Attributes", "the application's own data"},
	{"conversations", "*", "Bindings.Email.Address", "an e-mail address"},
	{"conversations", "/v1/Configuration/Addresses", "Address", "an address of the account"},
	{"conversations", "*/Webhooks", "Target", "a kind of webhook"},
	{"conversations", "/v2/ControlPlane/Configurations*", "/channelSettings/captureRules/to", "which messages are recorded"},
	{"conversations", "/v2/*", "*/statusCallbacks/url", "where events are reported"},
	{"content", "*", "/types/*", "text of a template"},
	{"intelligence", "/v3/*", "/rule*", "what is done with a transcript"},
	{"knowledge", "/v2/*", "/source/url", "a page to be read"},
	{"lookups", "/v2/batch/query", "/phone_numbers/phone_number", "looks a number up"},
	{"messaging", "/v1/LinkShortening/*", "FallbackUrl", "where a link leads"},
	{"messaging", "/v1/*", "HasEmbeddedPhone", "yes or no"},
	{"messaging", "/v1/Tollfree/Verifications*", "Business*", "whom the carrier asks about the business"},
	{"messaging", "/v2/Channels/Senders*", "/profile/*", "what recipients are shown"},
	{"messaging", "/v3/Indicators/Typing.json", "/to", "shows that someone types: not a message"},
	{"numbers", "/v1/Porting/PortIn", "*", "numbers of the account"},
	{"numbers", "/v1/CallerIds/SmsVerificationChecks", "/to", "checks a code that was sent"},
	{"numbers", "/v2/HostedNumber/*", "ContactPhoneNumber", "who signs, by e-mail"},
	{"numbers", "/v2/RegulatoryCompliance/*", "Attributes", "who owns a number"},
	{"preview", "/HostedNumbers/AuthorizationDocuments*", "ContactPhoneNumber", "who signs, by e-mail"},
	{"proxy", "/v1/Services/{ServiceSid}/PhoneNumbers", "PhoneNumber", "a number of the account for the pool"},
	{"studio", "/v2/Flows/{Sid}/TestUsers", "TestUsers", "whose messages a draft answers"},
	{"trusthub", "/v1/SupportingDocuments*", "Attributes", "a document about the business"},
	{"trusthub", "/v1/ComplianceInquiries/*", "*", "whom the carrier asks about the business"},
	{"trusthub", "/v1/A2PBrandRegistrations", "/businessContactPhone", "whom the carrier asks about the business"},
	{"trusthub", "/v1/A2PCampaignRegistrations", "/hasEmbeddedPhone", "yes or no"},
	{"verify", "/v2/Services/{ServiceSid}/VerificationCheck", "To", "checks a code that was sent"},
	{"voice", "/v2/*", "*Callback/url", "where events are reported"},
	{"voice", "/v3/Transcriptions", "/participants/address", "who spoke in a recording"},
}

// Paths and parameters that control something.
var (
	controlPath = regexp.MustCompile(`(?i)/(SafeList|GeoPermissions|DialingPermissions|BulkCountryUpdates|Keys|SigningKeys|PublicKeys|AuthTokens|` +
		`IpAccessControlLists|IpAddresses|(IpAccessControl|Credential)ListMappings|SourceIpMappings|ByocTrunks|SIP/Domains|` +
		`OAuthApps|(Authorized)?ConnectApps|RoleAssignments|scim|token|AccessTokens|Tokens\.json|Credentials|CredentialLists|Settings|AuthProfiles|Rules|SharedKeys|Webhooks/Tests|RateLimits|Triggers)(/|$|\.)|/Trunks(/\{Sid\})?$|/Accounts(/\{Sid\})?\.json$`)
	controlParameter = regexp.MustCompile(`(?i)^(.*RiskCheck|.*Fraud.*|.*Pumping.*|.*Protection.*|.*Geo_?Permissions?.*|.*PermissionsInheritance)$`)
)

// notControlling are writes that seem to control something. Their parameter
// here is the method.
var notControlling = []exception{
	{"accounts", "/v1/AuthTokens/Secondary", "DELETE", "takes access away"},
	{"accounts", "/v1/Credentials/AWS*", "*", "access to storage of the account"},
	{"accounts", "/v1/Credentials/PublicKeys/{Sid}", "DELETE", "takes access away"},
	{"api", "/2010-04-01/Accounts/{AccountSid}/*Keys/{Sid}.json", "DELETE", "takes access away"},
	{"api", "/2010-04-01/Accounts/{AccountSid}/ConnectApps/{Sid}.json", "DELETE", "takes access away"},
	{"api", "*/SIP/*", "DELETE", "takes access away"},
	{"api", "*/SIP/*Lists.json", "POST", "a list alone gives no one access"},
	{"api", "*/SIP/*Lists/{Sid}.json", "POST", "a list alone gives no one access"},
	{"api", "/2010-04-01/Accounts/{AccountSid}/Tokens.json", "POST", "for servers that pass media on, for a day"},
	{"api", "*/Usage/Triggers.json", "POST", "one alarm more"},
	{"chat", "*/Credentials*", "*", "for push notifications"},
	{"conversations", "*/Credentials*", "*", "for push notifications"},
	{"iam", "/v1/Account/OAuthApps/{sid}", "DELETE", "takes access away"},
	{"iam", "/v1/Keys/{Sid}", "DELETE", "takes access away"},
	{"iam", "/v1/token", "POST", "a session for an application that exists"},
	{"insights", "/v1/Voice/Settings", "POST", "turns on statistics"},
	{"ip-messaging", "*/Credentials*", "*", "for push notifications"},
	{"lookups", "/v2/batch/query", "POST", "looks numbers up"},
	{"notify", "*/Credentials*", "*", "for push notifications"},
	{"oauth", "/*/token", "POST", "a session for an application that exists"},
	{"preview-iam", "/v1/token", "POST", "a session for an application that exists"},
	{"preview-iam", "/Organizations/{OrganizationSid}/RoleAssignments*", "DELETE", "takes access away"},
	{"preview-iam", "/Organizations/{OrganizationSid}/scim/Users/{Id}", "DELETE", "takes access away"},
	{"trunking", "/v1/Trunks*", "DELETE", "takes access away"},
	{"voice", "/v1/ByocTrunks/{Sid}", "DELETE", "takes access away"},
	{"voice", "/v1/SourceIpMappings/{Sid}", "DELETE", "takes access away"},
	{"verify", "/v2/Services/{ServiceSid}/AccessTokens", "POST", "for a device that enrolls itself"},
	{"verify", "/v2/Services/{ServiceSid}/RateLimits", "POST", "one limit more"},
	{"verify", "/v2/Services/{ServiceSid}/RateLimits/{RateLimitSid}/Buckets", "POST", "one limit more"},
}

// onlyDocumented are rows that the libraries do not know.
var onlyDocumented = map[string]string{
	"api /{Version}/Accounts/{AccountSid}/SMS/Messages":                      "gone since 2022",
	"api /{Version}/Accounts/{AccountSid}/ConnectApps":                       "documented for reading alone; any write is new",
	"api /{Version}/Accounts/{AccountSid}/AuthorizedConnectApps":             "documented for reading alone; any write is new",
	"api /{Version}/Accounts/{AccountSid}/AuthorizedConnectApps/{Sid}":       "documented for reading alone; any write is new",
	"assistants /{Version}/Assistants/{Id}/Messages":                         "in beta",
	"comms /{Version}/Messages":                                              "in beta",
	"comms /{Version}/Emails":                                                "in beta",
	"messaging /{Version}/a2p/BrandRegistrations/{BrandRegistrationSid}/2fa": "documented alone",
	"preview /Messaging/{Version}/Messages":                                  "in preview",
	"preview.messaging /{Version}/Messages":                                  "in preview",
	"preview.messaging /{Version}/Broadcasts":                                "in preview",
}
