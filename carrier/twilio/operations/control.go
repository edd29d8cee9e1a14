package operations

import (
	"net/http"

	"github.com/caddy-tollgate/tollgate/carrier"
	"github.com/caddy-tollgate/tollgate/carrier/params"
	"github.com/caddy-tollgate/tollgate/policy"
)

// controlOperations weaken the carrier's own protection, or give access to an account.
// Operations that only take access away, such as deleting a key, are inert.
var controlOperations = []row{
	// Numbers that the carrier's fraud checks skip
	// (https://www.twilio.com/docs/usage/global-safe-list).
	{
		product: "accounts", path: "/{Version}/SafeList/Numbers",
		name: "safe_list.change", kind: carrier.Controlling, control: policy.ControlSafeList,
	},
	{
		product: "verify", path: "/{Version}/SafeList/Numbers",
		name: "safe_list.change", kind: carrier.Controlling, words: VerifyWords, control: policy.ControlSafeList,
	},
	{
		product: "verify", path: "/{Version}/SafeList/Numbers/{PhoneNumber}",
		name: "safe_list.change", kind: carrier.Controlling, words: VerifyWords, control: policy.ControlSafeList,
	},

	// The carrier's geographic permissions
	// (https://www.twilio.com/docs/voice/api/dialingpermissions-resources).
	{
		product: "accounts", path: "/{Version}/Messaging/GeoPermissions",
		name: "geo_permissions.update", kind: carrier.Controlling, control: policy.ControlPermissions,
		narrows: &closesCountry, maxBody: notifyBody, // a client may write all countries at once
	},
	{
		product: "voice", path: "/{Version}/DialingPermissions/BulkCountryUpdates",
		name: "dialing_permissions.update", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlPermissions, narrows: &closesCountryToCalls, maxBody: notifyBody,
	},
	{
		product: "voice", path: "/{Version}/Settings",
		name: "voice_settings.update", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlPermissions,
	},

	// Keys and tokens (https://www.twilio.com/docs/iam).
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Keys",
		name: "keys.create", kind: carrier.Controlling, control: policy.ControlKeys,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/Keys/{Sid}",
		name: "keys.update", kind: carrier.Controlling, control: policy.ControlKeys, except: http.MethodDelete,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SigningKeys",
		name: "keys.create", kind: carrier.Controlling, control: policy.ControlKeys,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SigningKeys/{Sid}",
		name: "keys.update", kind: carrier.Controlling, control: policy.ControlKeys, except: http.MethodDelete,
	},
	{
		product: "iam", path: "/{Version}/Keys",
		name: "keys.create", kind: carrier.Controlling, control: policy.ControlKeys,
	},
	{
		product: "iam", path: "/{Version}/Keys/{Sid}",
		name: "keys.update", kind: carrier.Controlling, control: policy.ControlKeys, except: http.MethodDelete,
	},
	{
		product: "accounts", path: "/{Version}/Credentials/PublicKeys",
		name: "public_keys.create", kind: carrier.Controlling, control: policy.ControlKeys,
	},
	{
		product: "accounts", path: "/{Version}/Credentials/PublicKeys/{Sid}",
		name: "public_keys.update", kind: carrier.Controlling, control: policy.ControlKeys,
		except: http.MethodDelete,
	},
	{
		product: "accounts", path: "/{Version}/AuthTokens/Secondary",
		name: "auth_tokens.create", kind: carrier.Controlling, control: policy.ControlKeys,
		except: http.MethodDelete,
	},
	{
		product: "accounts", path: "/{Version}/AuthTokens/Promote",
		name: "auth_tokens.promote", kind: carrier.Controlling, control: policy.ControlKeys,
	},

	// Applications that act for the account.
	{
		product: "iam", path: "/{Version}/Account/OAuthApps",
		name: "oauth_apps.create", kind: carrier.Controlling, control: policy.ControlKeys,
	},
	{
		product: "iam", path: "/{Version}/Account/OAuthApps/{Sid}",
		name: "oauth_apps.update", kind: carrier.Controlling, control: policy.ControlKeys,
		except: http.MethodDelete,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/ConnectApps",
		name: "connect_apps.create", kind: carrier.Controlling, control: policy.ControlKeys,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/ConnectApps/{Sid}",
		name: "connect_apps.update", kind: carrier.Controlling, control: policy.ControlKeys,
		except: http.MethodDelete,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/AuthorizedConnectApps",
		name: "connect_apps.create", kind: carrier.Controlling, control: policy.ControlKeys,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/AuthorizedConnectApps/{Sid}",
		name: "connect_apps.update", kind: carrier.Controlling, control: policy.ControlKeys,
	},

	// SIP trunks and domains, and who may use them: their users call past the gate
	// (https://www.twilio.com/docs/voice/api/sip-domain-resource). A list alone gives no
	// one access; the rows of targets and origination URLs are with the calls.
	{
		product: "trunking", path: "/{Version}/Trunks",
		name: "trunks.create", kind: carrier.Controlling, words: CallWords, control: policy.ControlTrunks,
		instructionURLs: urlParameters{"DisasterRecoveryUrl", "sip-trunking/api/trunk-resource"},
	},
	{
		product: "trunking", path: "/{Version}/Trunks/{Sid}",
		name: "trunks.update", kind: carrier.Controlling, words: CallWords, control: policy.ControlTrunks,
		except:          http.MethodDelete,
		instructionURLs: urlParameters{"DisasterRecoveryUrl", "sip-trunking/api/trunk-resource"},
	},
	{
		product: "trunking", path: "/{Version}/Trunks/{TrunkSid}/IpAccessControlLists",
		name: "trunks.access_lists.create", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlTrunks,
	},
	{
		product: "trunking", path: "/{Version}/Trunks/{TrunkSid}/CredentialLists",
		name: "trunks.access_lists.create", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlTrunks,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SIP/IpAccessControlLists/{ListSid}/IpAddresses",
		name: "sip_addresses.create", kind: carrier.Controlling, words: CallWords, control: policy.ControlTrunks,
	},
	{
		product: "api",
		path:    "/{Version}/Accounts/{AccountSid}/SIP/IpAccessControlLists/{ListSid}/IpAddresses/{Sid}",
		name:    "sip_addresses.update", kind: carrier.Controlling, words: CallWords, control: policy.ControlTrunks,
		except: http.MethodDelete,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SIP/CredentialLists/{ListSid}/Credentials",
		name: "sip_credentials.create", kind: carrier.Controlling, words: CallWords, control: policy.ControlTrunks,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SIP/CredentialLists/{ListSid}/Credentials/{Sid}",
		name: "sip_credentials.update", kind: carrier.Controlling, words: CallWords, control: policy.ControlTrunks,
		except: http.MethodDelete,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SIP/Domains",
		name: "sip_domains.create", kind: carrier.Controlling, words: CallWords, control: policy.ControlTrunks,
		instructionURLs: urlParameters{callURLs, "voice/api/sip-domain-resource"},
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SIP/Domains/{Sid}",
		name: "sip_domains.update", kind: carrier.Controlling, words: CallWords, control: policy.ControlTrunks,
		except:          http.MethodDelete,
		instructionURLs: urlParameters{callURLs, "voice/api/sip-domain-resource"},
	},
	{
		product: "api",
		path:    "/{Version}/Accounts/{AccountSid}/SIP/Domains/{DomainSid}/IpAccessControlListMappings",
		name:    "sip_domains.access_lists.create", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlTrunks,
	},
	{
		product: "api", path: "/{Version}/Accounts/{AccountSid}/SIP/Domains/{DomainSid}/CredentialListMappings",
		name: "sip_domains.access_lists.create", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlTrunks,
	},
	{
		product: "api",
		path:    "/{Version}/Accounts/{AccountSid}/SIP/Domains/{DomainSid}/Auth/Calls/IpAccessControlListMappings",
		name:    "sip_domains.access_lists.create", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlTrunks,
	},
	{
		product: "api",
		path:    "/{Version}/Accounts/{AccountSid}/SIP/Domains/{DomainSid}/Auth/Calls/CredentialListMappings",
		name:    "sip_domains.access_lists.create", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlTrunks,
	},
	{
		product: "api",
		path:    "/{Version}/Accounts/{AccountSid}/SIP/Domains/{DomainSid}/Auth/Registrations/CredentialListMappings",
		name:    "sip_domains.access_lists.create", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlTrunks,
	},
	{
		product: "voice", path: "/{Version}/SourceIpMappings",
		name: "source_ip_mappings.create", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlTrunks,
	},
	{
		product: "voice", path: "/{Version}/SourceIpMappings/{Sid}",
		name: "source_ip_mappings.update", kind: carrier.Controlling, words: CallWords,
		control: policy.ControlTrunks, except: http.MethodDelete,
	},
	{
		product: "voice", path: "/{Version}/ByocTrunks",
		name: "byoc_trunks.create", kind: carrier.Controlling, words: CallWords, control: policy.ControlTrunks,
		instructionURLs: urlParameters{callURLs, "voice/bring-your-own-carrier-byoc/api/byoctrunk-resource"},
	},
	{
		product: "voice", path: "/{Version}/ByocTrunks/{Sid}",
		name: "byoc_trunks.update", kind: carrier.Controlling, words: CallWords, control: policy.ControlTrunks,
		except:          http.MethodDelete,
		instructionURLs: urlParameters{callURLs, "voice/bring-your-own-carrier-byoc/api/byoctrunk-resource"},
	},

	// Accounts, and who may use them.
	{
		product: "api", path: "/{Version}/Accounts",
		name: "accounts.create", kind: carrier.Controlling, control: policy.ControlAccounts,
	},
	{
		product: "api", path: "/{Version}/Accounts/{Sid}",
		name: "accounts.update", kind: carrier.Controlling, control: policy.ControlAccounts, narrows: &suspends,
	},
	{
		// Moves the number to another account, which has other permissions.
		product: "api", path: "/{Version}/Accounts/{AccountSid}/IncomingPhoneNumbers/{SidOrKind}",
		name: "incoming_phone_numbers.change", kind: carrier.Storing, words: CallWords, except: http.MethodDelete,
		accepts:         formOrMultipart | params.AcceptJSON,
		switches:        []controlSwitch{{trigger{name: "AccountSid", unless: AccountSid}, policy.ControlAccounts}},
		instructionURLs: urlParameters{numberURLs, "phone-numbers/api/incomingphonenumber-resource"},
	},
	{
		product: "preview-iam", path: "/Organizations/{OrganizationSid}/RoleAssignments",
		name: "role_assignments.create", kind: carrier.Controlling, control: policy.ControlAccounts,
	},
	{
		product: "preview-iam", path: "/Organizations/{OrganizationSid}/scim/Users",
		name: "organization_users.create", kind: carrier.Controlling, control: policy.ControlAccounts,
	},
	{
		product: "preview-iam", path: "/Organizations/{OrganizationSid}/scim/Users/{Id}",
		name: "organization_users.update", kind: carrier.Controlling, control: policy.ControlAccounts,
		except: http.MethodDelete,
	},
}
