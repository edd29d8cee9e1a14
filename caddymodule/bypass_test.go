package caddymodule_test

import (
	"bytes"
	"compress/gzip"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"
)

// The denied destination as it stands in forms, and one that is enabled.
const (
	uz = "%2B998912345678"
	us = "%2B12015550123"
)

// rest of a form behind its destination.
const (
	messageRest = "&From=%2B12015550199&Body=Hello"
	callRest    = "&From=%2B12015550199&Url=http%3A%2F%2Fapps.example%2Fvoice"
)

func message(to string) string { return post(messages(acme), "To="+to+messageRest) }
func call(to string) string    { return post(account("/Calls.json"), "To="+to+callRest) }
func messageText(to string) string {
	return message(url.QueryEscape(to))
}
func callText(to string) string { return call(url.QueryEscape(to)) }

// twiml is a call that is enabled and says what becomes of it.
func twiml(document string) string {
	return post(account("/Calls.json"), "To="+us+"&From=%2B12015550199&Twiml="+url.QueryEscape(document))
}

// at is a POST of a form to another of Twilio's products.
func at(host, target, form string) string {
	return request("POST", target, form, "Host: "+host+".twilio.com")
}

// account is a path below acme's account.
func account(rest string) string { return "/2010-04-01/Accounts/" + acme + rest }

const (
	participants   = "/Conferences/CFbbe4632a3c49700934481addd5ce1659/Participants.json"
	verifications  = "/v2/Services/VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Verifications"
	executions     = "/v2/Flows/FWaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Executions"
	notifications  = "/v1/Services/ISaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Notifications"
	notifyBindings = "/v1/Services/ISaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Bindings"
	conversation   = "/v1/Conversations/CHaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Participants"
	reservation    = "/v1/Workspaces/WSaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Tasks/WTaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Reservations/WRaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	proxySession   = "/v1/Services/KSaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Sessions"
	interactions   = "/v1/Interactions"
)

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func inUTF16(text string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(unit >> 8))
		b.WriteByte(byte(unit))
	}
	return b.String()
}

const formType = "application/x-www-form-urlencoded"

// A leaked key names +998 91 234 56 78 in every way that some reader might
// take for it, and none may get through; what stands beside each trick is a
// request that somebody means, and must arrive unchanged.
func TestNoReadingOfADeniedDestinationPasses(t *testing.T) {
	s := startExactGate(t, acmePolicy, "")
	const refused, passes = true, false
	multipartType := "multipart/form-data; boundary=b"
	part := func(disposition, value string) string {
		return "--b\r\n" + disposition + "\r\n\r\n" + value + "\r\n"
	}
	for _, c := range []struct {
		name    string
		request string
		refused bool
	}{
		// The names of parameters.
		{"a plain message", message(uz), refused},
		{"a plain message to the US", message(us), passes},
		{"a plain call", call(uz), refused},
		{"a plain call to the US", call(us), passes},
		{"a name in lower case", post(messages(acme), "to="+uz+messageRest), refused},
		{"a name in capitals", post(messages(acme), "TO="+uz+messageRest), refused},
		{"a name in lower case to the US", post(messages(acme), "to="+us+messageRest), passes},
		{"an encoded name", post(messages(acme), "%54%6f="+uz+messageRest), refused},
		{"a name with an empty index", post(messages(acme), "To[]="+uz+messageRest), refused},
		{"a name with an encoded index", post(messages(acme), "To%5B0%5D="+uz+messageRest), refused},
		{"a name with a space before it", post(messages(acme), "+To="+uz+messageRest), refused},
		{"a name with a tab behind it", post(messages(acme), "To%09="+uz+messageRest), refused},
		{"a name with a NUL behind it", post(messages(acme), "To%00="+uz+messageRest), refused},
		{"a name behind a byte order mark", post(messages(acme), "\xef\xbb\xbfTo="+uz+messageRest), refused},
		{"a name of long ago", post(messages(acme), "Called="+uz+messageRest), refused},
		{"a name that only begins the same", post(messages(acme), "To="+us+"&ToCountry=UZ&ToNumber="+uz+messageRest), passes},
		{"the number in the text of a message", post(messages(acme), "To="+us+"&From=%2B12015550199&Body=Call+"+uz), passes},

		// Several of them.
		{"the second of two", post(messages(acme), "To="+us+"&To="+uz+messageRest), refused},
		{"the first of two", post(messages(acme), "To="+uz+"&To="+us+messageRest), refused},
		{"the second of two in another letter case", post(messages(acme), "To="+us+"&to="+uz+messageRest), refused},
		{"two that are both enabled", post(messages(acme), "To="+us+"&To=%2B14165550123"+messageRest), passes},
		{"in the query, with another in the body", post(messages(acme)+"?To="+uz, "To="+us+messageRest), refused},
		{"in the body, with another in the query", post(messages(acme)+"?To="+us, "To="+uz+messageRest), refused},
		{"in the query alone", request("POST", messages(acme)+"?To="+uz+messageRest, "", "Content-Length: 0"), refused},
		{"the US in the query alone", request("POST", messages(acme)+"?To="+us+messageRest, "", "Content-Length: 0"), passes},
		{"behind a semicolon", post(messages(acme), "Body=Hello;To="+uz+"&To="+us), refused},
		{"behind a semicolon in the query", post(messages(acme)+"?a=b;To="+uz, "To="+us+messageRest), refused},
		{"behind a second question mark", post(messages(acme)+"?a?&To="+uz, "To="+us+messageRest), refused},
		{"a semicolon in the text of a message", post(messages(acme), "To="+us+"&From=%2B12015550199&Body=Hi;there=100%25"), passes},
		{"behind a pair that does not decode", post(messages(acme), "%zz=1&To="+uz+messageRest), refused},
		{"a text that does not decode", post(messages(acme), "To="+us+"&From=%2B12015550199&Body=100%"), passes},
		{"as a list behind a comma", message(us + ",%2B998912345678"), refused},
		{"as a list behind a semicolon", message(us + "%3B%2B998912345678"), refused},
		{"as a list behind a space", message(us + "+" + uz), refused},
		{"as a list of calls behind a comma", call(us + ",%2B998912345678"), refused},
		{"as a list of calls behind a hash", call(us + "%23%2B998912345678"), refused},

		// How a number is written.
		{"with its plus sign plain, which is a space", message("+998912345678"), refused},
		{"the US with its plus sign plain", message("+12015550123"), passes},
		{"without its plus sign", message("998912345678"), refused},
		{"every digit encoded", message("%2B%39%39%38%39%31%32%33%34%35%36%37%38"), refused},
		{"encoded with small letters", message("%2b998912345678"), refused},
		{"encoded twice", message("%252B998912345678"), refused},
		{"with a destination that does not decode", message("%2B99891%zz"), refused},
		{"in groups", messageText("+998 (91) 234-56-78"), refused},
		{"the US in groups", messageText("+1 (201) 555-0123"), passes},
		{"the US in national form", messageText("(201) 555-0123"), passes},
		{"the US with dots", messageText("201.555.0123"), passes},
		{"with the prefix 00", messageText("00998912345678"), refused},
		{"with the prefix 011", messageText("011998912345678"), refused},
		{"with the prefix 0011", messageText("0011998912345678"), refused},
		{"with the prefix 010", messageText("010998912345678"), refused},
		{"with the prefix 810", messageText("810998912345678"), refused},
		{"with plus and 00", messageText("+00998912345678"), refused},
		{"with plus and 011", messageText("+011998912345678"), refused},
		{"with 1 and 011", messageText("1011998912345678"), refused},
		{"with two plus signs", messageText("++998912345678"), refused},
		{"with a plus sign in the middle", messageText("1+998912345678"), refused},
		{"with a zero behind the country code", messageText("+9980912345678"), refused},
		{"with line breaks", messageText("+998\r\n912345678"), refused},
		{"with a NUL", messageText("+998912345678\x00"), refused},
		{"with a NUL before it", messageText("\x00+998912345678"), refused},
		{"with a NUL behind another", messageText("+12015550123\x00+998912345678"), refused},
		{"in full width", messageText("＋９９８９１２３４５６７８"), refused},
		{"the US in full width", messageText("＋１２０１５５５０１２３"), passes},
		{"in Arabic digits", messageText("+٩٩٨٩١٢٣٤٥٦٧٨"), refused},
		{"in Devanagari digits", messageText("+९९८९१२३४५६७८"), refused},
		{"in mathematical digits", messageText("+𝟗𝟗𝟖𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖"), refused},
		{"in circled digits", messageText("+⑨⑨⑧⑨①②③④⑤⑥⑦⑧"), refused},
		{"in superscript", messageText("⁺⁹⁹⁸⁹¹²³⁴⁵⁶⁷⁸"), refused},
		{"in Chinese numerals", messageText("+九九八九一二三四五六七八"), refused},
		{"with keycaps", messageText("+9️⃣9️⃣8️⃣912345678"), refused},
		{"with spaces that are not seen", messageText("+998\u200b91\u00a0234\u206056\ufeff78"), refused},
		{"the US with a space that does not break", messageText("+1\u00a0201\u00a0555\u00a00123"), passes},
		{"written from right to left", messageText("\u202e+998912345678\u202c"), refused},
		{"with a plus sign that is heavy", messageText("➕998912345678"), refused},
		{"in no valid UTF-8", message("%FF%2B998912345678"), refused},
		{"with a space of Latin-1", message("%2B998%A0912345678"), refused},
		{"in letters of the keypad", callText("+998 91 ADGJMPT"), refused},
		{"in letters alone", callText("WWT91ADGJMPT"), refused},
		{"in letters of full width", callText("＋ＷＷＴ９１２３４５６７８"), refused},
		{"the US in letters", callText("+1 201 555 CALL"), passes},
		{"with an extension", callText("+998912345678;ext=12"), refused},
		{"with an extension in words", callText("+998912345678 ext. 12"), refused},
		{"with a pause", callText("+998912345678,,12"), refused},
		{"the US with an extension", callText("+12015550123x123"), passes},
		{"the US with a pause", callText("+12015550123,,123#"), passes},
		{"behind a feature code", callText("*67+998912345678"), refused},
		{"longer than any number", messageText("+998912345678" + strings.Repeat("0", 2000)), refused},

		// Schemes.
		{"by WhatsApp", messageText("whatsapp:+998912345678"), refused},
		{"by WhatsApp in capitals", messageText("WHATSAPP:+998912345678"), refused},
		{"by WhatsApp with a wide colon", messageText("whatsapp：+998912345678"), refused},
		{"by WhatsApp to the US", messageText("whatsapp:+12015550123"), passes},
		{"by RCS", messageText("rcs:+998912345678"), refused},
		{"as a tel URI", callText("tel:+998912345678"), refused},
		{"as a tel URI in a context", callText("tel:912345678;phone-context=+998"), refused},
		{"as a tel URI in the US", callText("tel:+12015550123"), passes},
		{"behind two schemes", messageText("whatsapp:whatsapp:+998912345678"), refused},
		{"behind a scheme nobody has", messageText("telegram:+998912345678"), refused},
		{"by messenger", messageText("messenger:1234567890123456"), passes},
		{"to a short code", messageText("12345"), passes},
		{"to a client", callText("client:alice"), passes},
		{"to a client with a digit in its name", callText("client:agent-998912345678"), passes},
		{"to an app", callText("app:APaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), passes},
		{"to an emergency number", callText("911"), passes},
		{"to a magic number of the carrier", messageText("+15005550003"), passes},
		{"over a trunk", callText("sip:+998912345678@acme.pstn.twilio.com"), refused},
		{"over a trunk without plus", callText("sip:998912345678@acme.pstn.twilio.com"), refused},
		{"over a trunk in capitals", callText("SIP:+998912345678@ACME.PSTN.TWILIO.COM"), refused},
		{"over a trunk without scheme", callText("998912345678@acme.pstn.twilio.com"), refused},
		{"over a trunk of a region", callText("sip:+998912345678@acme.pstn.dublin.twilio.com"), refused},
		{"over a trunk with a port", callText("sip:+998912345678@acme.pstn.twilio.com:5061;transport=tls"), refused},
		{"over a trunk with a dot at the end", callText("sip:+998912345678@acme.pstn.twilio.com."), refused},
		{"over a trunk with an encoded user", callText("sip:%2B99891%32345678@acme.pstn.twilio.com"), refused},
		{"over a trunk with a password", callText("sip:+998912345678:pw@acme.pstn.twilio.com"), refused},
		{"over a trunk with parameters of the user", callText("sip:+998912345678;npdi=yes@acme.pstn.twilio.com"), refused},
		{"over a trunk with a question mark in the user", callText("sip:+998912345678?a@acme.pstn.twilio.com"), refused},
		{"over a trunk with an at sign in the user", callText("sip:a@b:+998912345678@acme.pstn.twilio.com"), refused},
		{"over a trunk in angle brackets", callText("<sip:+998912345678@acme.pstn.twilio.com>"), refused},
		{"over a trunk with a name", callText(`"Bob" <sip:+998912345678@acme.pstn.twilio.com>`), refused},
		{"over a trunk with an ideographic full stop", callText("sip:+998912345678@acme.pstn.twilio。com"), refused},
		{"over a trunk with a slash behind it", callText("sip:+998912345678@acme.pstn.twilio.com/x"), refused},
		{"over a trunk to the US", callText("sip:+12015550123@acme.pstn.twilio.com"), passes},
		{"to a SIP domain that may dial", callText("sip:+998912345678@acme.sip.twilio.com"), refused},
		{"to a registered device", callText("sip:alice@acme.sip.twilio.com"), passes},
		{"to a registered device in a region", callText("sip:alice@acme.sip.dublin.twilio.com"), passes},
		{"to a SIP address elsewhere", callText("sip:alice@pbx.example.com"), passes},
		{"to a SIP address elsewhere that says it is a phone", callText("sip:+998912345678@pbx.example.com;user=phone"), refused},
		{"no destination at all", post(messages(acme), "From=%2B12015550199&Body=Hello"), passes},
		{"an empty destination", message(""), passes},

		// Other operations.
		{"into a conference", post(account(participants), "To="+uz+"&From=%2B12015550199"), refused},
		{"into a conference by letters", post(account(participants), "To="+url.QueryEscape("+99891ADGJMPT")+"&From=%2B12015550199"), refused},
		{"into a conference in the US", post(account(participants), "To=2015550123&From=%2B12015550199"), passes},
		{"into a conference with a name", post(account("/Conferences/my%20room/Participants.json"), "To="+uz), refused},
		{"into a conference with a name in the US", post(account("/Conferences/my%20room%2B1/Participants.json"), "To="+us), passes},
		{"by a validation call", post(account("/OutgoingCallerIds.json"), "PhoneNumber="+uz), refused},
		{"by a validation call in the US", post(account("/OutgoingCallerIds.json"), "PhoneNumber="+us), passes},
		{"in a resource long gone", post(account("/SMS/Messages.json"), "To="+uz+messageRest), refused},
		{"in a version long gone", post("/2008-08-01/Accounts/"+acme+"/Calls", "Called="+uz), refused},
		{"without a version", post("/Accounts/"+acme+"/Messages.json", "To="+uz+messageRest), refused},
		{"verified by message", at("verify", verifications, "To="+uz+"&Channel=sms"), refused},
		{"verified by call", at("verify", verifications, "To="+uz+"&Channel=call"), refused},
		{"verified by WhatsApp", at("verify", verifications, "To="+uz+"&Channel=whatsapp"), refused},
		{"verified by a channel nobody knows", at("verify", verifications, "To="+uz+"&Channel=pigeon"), refused},
		{"verified by two channels", at("verify", verifications, "To="+uz+"&Channel=email&Channel=sms"), refused},
		{"verified by a channel in the query", at("verify", verifications+"?Channel=email", "To="+uz+"&Channel=sms"), refused},
		{"verified by a channel in another letter case", at("verify", verifications, "To="+uz+"&channel=email"), refused},
		{"verified by a channel behind a semicolon", at("verify", verifications, "To="+uz+"&Locale=en;Channel=email"), refused},
		{"verified without a channel", at("verify", verifications, "To="+uz), refused},
		{"verified by e-mail", at("verify", verifications, "To=a%40example.com&Channel=email"), passes},
		{"verified in the US", at("verify", verifications, "To="+us+"&Channel=sms"), passes},
		{"a code that is checked", at("verify", strings.Replace(verifications, "Verifications", "VerificationCheck", 1), "To="+uz+"&Code=123456"), passes},
		{"verified at a host with a port", request("POST", verifications, "To="+uz+"&Channel=sms", "Host: Verify.Twilio.COM.:443"), refused},
		{"verified in another version", at("verify", strings.Replace(verifications, "v2", "V3", 1), "To="+uz+"&Channel=sms"), refused},
		{"by a flow", at("studio", executions, "To="+uz+"&From=%2B12015550199"), refused},
		{"by a flow in the US", at("studio", executions, "To="+us+"&From=%2B12015550199"), passes},
		{"by a flow of the first version", at("studio", strings.Replace(executions, "v2", "v1", 1), "to="+uz), refused},
		{"by notification", at("notify", notifications, "ToBinding="+url.QueryEscape(`{"binding_type":"sms","address":"+998912345678"}`)), refused},
		{"by the last of several notifications", at("notify", notifications, "ToBinding="+url.QueryEscape(`{"binding_type":"sms","address":"+12015550123"}`)+"&ToBinding="+url.QueryEscape(`{"binding_type":"sms","Address":"+998912345678"}`)), refused},
		{"by notification with escapes", at("notify", notifications, "ToBinding="+url.QueryEscape(`{"binding_type":"sms","addr\u0065ss":"\u002b998912345678"}`)), refused},
		{"by notification with an address twice", at("notify", notifications, "ToBinding="+url.QueryEscape(`{"address":"+12015550123","address":"+998912345678"}`)), refused},
		{"by notification in no JSON", at("notify", notifications, "ToBinding="+url.QueryEscape(`{'address':'+998912345678'}`)), refused},
		{"by notification in the US", at("notify", notifications, "Body=Hi&ToBinding="+url.QueryEscape(`{"binding_type":"sms","address":"+12015550123"}`)), passes},
		{"by notification to a device", at("notify", notifications, "Body=Hi&ToBinding="+url.QueryEscape(`{"binding_type":"apn","address":"740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad"}`)), passes},
		{"stored as a binding", at("notify", notifyBindings, "Identity=1&BindingType=sms&Address="+uz), refused},
		{"in a conversation", at("conversations", conversation, "MessagingBinding.Address="+uz+"&MessagingBinding.ProxyAddress=%2B12015550199"), refused},
		{"in a conversation by WhatsApp", at("conversations", conversation, "messagingbinding.address=whatsapp%3A"+uz), refused},
		{"in a conversation, spelled so that nobody reads it", at("conversations", conversation, "MessagingBinding.Address="+url.QueryEscape("sms+:+998912345678")), refused},
		{"in a conversation, longer than any number", at("conversations", conversation, "MessagingBinding.Address=%2B998912345678%2B1"), refused},
		{"in a conversation projected", at("conversations", conversation, "MessagingBinding.ProjectedAddress="+uz), refused},
		{"in a conversation of a service", at("conversations", strings.Replace(conversation, "/v1", "/v1/Services/ISaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1), "MessagingBinding.Address="+uz), refused},
		{"in a new conversation", at("conversations", "/v1/ConversationWithParticipants", "Participant="+url.QueryEscape(`{"messaging_binding":{"address":"+998912345678"}}`)), refused},
		{"in a conversation of version 2", request("POST", "/v2/Conversations", `{"participants":[{"addresses":[{"channel":"SMS","address":"+998912345678"}]}]}`, "Host: conversations.twilio.com", "Content-Type: application/json"), refused},
		{"in a conversation of version 2, deeper", request("POST", "/v2/Conversations/CH1/Participants/PA1", `{"addresses":[{"channel":"SMS","address":"+998912345678"}]}`, "Host: conversations.twilio.com", "Content-Type: application/json"), refused},
		{"in a conversation in the US", at("conversations", conversation, "MessagingBinding.Address="+us+"&MessagingBinding.ProxyAddress=%2B12015550199"), passes},
		{"in a conversation with somebody who has no number", at("conversations", conversation, "Identity=alice"), passes},
		{"in a session of Proxy", at("proxy", proxySession+"/KCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Participants", "Identifier="+uz), refused},
		{"in a new session of Proxy", at("proxy", proxySession, "Participants="+url.QueryEscape(`[{"Identifier":"+998912345678"}]`)), refused},
		{"in a session of Proxy in the US", at("proxy", proxySession+"/KCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Participants", "Identifier="+us), passes},
		{"from a task", at("taskrouter", reservation, "Instruction=call&CallTo="+uz+"&CallFrom=%2B12015550199"), refused},
		{"from a task to a client", at("taskrouter", reservation, "Instruction=conference&To=client%3Aalice"), passes},
		{"in an interaction", at("flex-api", interactions, "Channel="+url.QueryEscape(`{"type":"sms","initiated_by":"agent","participants":[{"address":"+998912345678"}]}`)), refused},
		{"in an interaction later on", at("flex-api", interactions+"/KDaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Channels/UOaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Participants", "Type=customer&MediaProperties="+url.QueryEscape(`{"address":"+998912345678"}`)), refused},
		{"in a channel of old", at("flex-api", "/v1/Channels", "FlexFlowSid=FO1&Identity=a&ChatUserFriendlyName=b&ChatFriendlyName=c&Target="+uz), refused},
		{"by the verification call for a hosted number", at("preview", "/HostedNumbers/HostedNumberOrders", "PhoneNumber="+uz+"&VerificationType=phone-call"), refused},
		{"in JSON", request("POST", "/v1/Messages", `{"from":"+12015550199","to":[{"address":"+998912345678","channel":"SMS"}]}`, "Host: comms.twilio.com", "Content-Type: application/json"), refused},
		{"in JSON without a type", request("POST", "/v1/Messages", `{"to":[{"address":"+998912345678"}]}`, "Host: comms.twilio.com", "-Content-Type"), refused},
		{"in JSON as a number", request("POST", "/v1/Messages", `{"to":[998912345678]}`, "Host: comms.twilio.com", "Content-Type: application/json"), refused},
		{"in JSON behind JSON", request("POST", "/v1/Messages", `{"to":[]} {"to":["+998912345678"]}`, "Host: comms.twilio.com", "Content-Type: application/json"), refused},
		{"in JSON of version 1.0", request("POST", "/v1/Messages", `{"to":["+998912345678"]}`, "Host: comms.twilio.com", "Content-Type: application/vnd.twilio+json; charset=UTF-8"), refused},
		{"in JSON in the US", request("POST", "/v1/Messages", `{"from":"+12015550199","to":[{"address":"+12015550123","channel":"SMS"}],"content":{"text":"Call +998912345678"}}`, "Host: comms.twilio.com", "Content-Type: application/json"), passes},
		{"in an operation that no table knows", at("supersim", "/v1/Whatever", "To="+uz), refused},
		{"in JSON of an operation that no table knows", request("POST", "/v9/Whatever", `{"message":{"to":"+998912345678"}}`, "Host: messaging.twilio.com", "Content-Type: application/json"), refused},
		{"an operation that no table knows", at("sync", "/v1/Services/IS1/Documents", "Data=%7B%22a%22%3A1%7D"), passes},
		{"at a host of the customer's own", request("POST", messages(acme), "To="+uz+messageRest, "Host: sms.acme.example"), refused},
		{"at a host of the customer's own in the US", request("POST", messages(acme), "To="+us+messageRest, "Host: sms.acme.example:8080"), passes},
		{"at a host that takes uploads", request("POST", messages(acme), "To="+uz+messageRest, "Host: sync.twilio.com"), refused},
		{"at a host of another product", request("POST", account("/Calls.json"), "To="+us+"&Twiml="+url.QueryEscape("<Response><Dial>+998912345678</Dial></Response>"), "Host: monitor.twilio.com"), refused},
		{"at a regional host", request("POST", messages(acme), "To="+uz+messageRest, "Host: api.dublin.ie1.twilio.com"), refused},
		{"at no host", line{method: "POST", target: messages(acme), body: "To=" + uz + messageRest, proto: "HTTP/1.0", headers: []string{"-Host"}}.String(), refused},

		// Paths.
		{"a path in small letters", post(strings.ToLower(messages(acme)), "To="+uz+messageRest), refused},
		{"a path in capitals", post(strings.ToUpper(messages(acme)), "To="+uz+messageRest), refused},
		{"a path in small letters to the US", post("/2010-04-01/accounts/"+acme+"/messages.json", "To="+us+messageRest), passes},
		{"no extension", post(account("/Messages"), "To="+uz+messageRest), refused},
		{"another extension", post(account("/Messages.Xml"), "To="+uz+messageRest), refused},
		{"two extensions", post(account("/Messages.csv.json"), "To="+uz+messageRest), refused},
		{"no extension to the US", post(account("/Messages"), "To="+us+messageRest), passes},
		{"a slash at the end", post(account("/Messages/"), "To="+uz+messageRest), refused},
		{"a slash behind the extension", post(account("/Messages.json/"), "To="+uz+messageRest), refused},
		{"an empty segment", post("/"+messages(acme), "To="+uz+messageRest), refused},
		{"an empty segment with TwiML", post("/2010-04-01//Accounts/"+acme+"/Calls.json", "To="+us+"&Twiml=%3CResponse%3E%3CDial%3E"+uz+"%3C%2FDial%3E%3C%2FResponse%3E"), refused},
		{"an encoded letter", post(account("/%4dessages.json"), "To="+uz+messageRest), refused},
		{"an encoded dot", post(account("/Messages%2ejson"), "To="+uz+messageRest), refused},
		{"an encoded slash", post("/2010-04-01/Accounts/"+acme+"%2fMessages.json", "To="+uz+messageRest), refused},
		{"a dot segment", post(account("/./Messages.json"), "To="+uz+messageRest), refused},
		{"two dots", post(account("/Keys/../Messages.json"), "To="+uz+messageRest), refused},
		{"two encoded dots", post(account("/Keys/%2e%2e/Messages.json"), "To="+uz+messageRest), refused},
		{"a parameter in the path", post(account("/Messages.json;x=y"), "To="+uz+messageRest), refused},
		{"a backslash", post(account("\\Messages.json"), "To="+uz+messageRest), refused},
		{"an encoded backslash", post(account("%5cMessages.json"), "To="+uz+messageRest), refused},
		{"a NUL in the path", post(account("/Messages%00.json"), "To="+uz+messageRest), refused},
		{"a letter that is encoded twice", post(account("/%254dessages.json"), "To="+uz+messageRest), refused},
		{"an encoded space behind the name, with TwiML", post(account("/Calls%20.json"), "To="+us+"&Twiml=%3CResponse%3E%3CDial%3E"+uz+"%3C%2FDial%3E%3C%2FResponse%3E"), refused},
		{"a fragment", post(messages(acme)+"#x", "To="+uz+messageRest), refused},
		{"a target with scheme and host", post("http://api.twilio.com"+messages(acme), "To="+uz+messageRest), refused},
		{"another account in the path", post(messages(nobody), "To="+uz+messageRest), refused},
		{"an account in small letters", post(messages(strings.ToLower(acme)), "To="+uz+messageRest), refused},
		{"an account behind an encoded space", post(messages("%20"+acme), "To="+uz+messageRest), refused},

		// Methods.
		{"PUT", request("PUT", messages(acme), "To="+uz+messageRest), refused},
		{"PATCH", request("PATCH", messages(acme), "To="+uz+messageRest), refused},
		{"DELETE with a body", request("DELETE", messages(acme), "To="+uz+messageRest), refused},
		{"a method nobody knows", request("SEND", messages(acme), "To="+uz+messageRest), refused},
		{"a method in small letters", request("post", messages(acme), "To="+uz+messageRest), refused},
		{"a read in small letters", request("get", messages(acme)+"?To="+uz+messageRest, ""), refused},
		{"GET with a body", request("GET", messages(acme), "To="+uz+messageRest), refused},
		{"GET with a body in chunks", request("GET", messages(acme), "11\r\nTo=%2B99891234567\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), refused},
		{"HEAD with a body", request("HEAD", messages(acme), "To="+uz+messageRest), refused},
		{"a list of messages to it", reading(messages(acme) + "?To=" + uz), passes},
		{"a message that is taken back", request("DELETE", account("/Messages/SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json"), ""), passes},
		{"PUT to the US", request("PUT", messages(acme), "To="+us+messageRest), passes},
		{"a method in a header", reading(messages(acme)+"?To="+uz+messageRest, "X-HTTP-Method-Override: POST"), refused},
		{"a method in another header", reading(messages(acme)+"?To="+uz+messageRest, "x-http-method: POST"), refused},
		{"a method in a third header", reading(messages(acme)+"?To="+uz+messageRest, "X-Method-Override: POST"), refused},
		{"a method in the query", reading(messages(acme) + "?To=" + uz + "&_method=POST" + messageRest), refused},
		{"a method in the query, in capitals", reading(messages(acme) + "?To=" + uz + "&_METHOD=POST" + messageRest), refused},
		{"a method in the query, encoded", reading(messages(acme) + "?To=" + uz + "&%5fmethod=POST" + messageRest), refused},
		{"a method in the query behind a pair that does not decode", reading(messages(acme) + "?%zz&_method=POST&To=" + uz + messageRest), refused},
		{"a method in the query that does not decode", reading(messages(acme) + "?_method=POST%zz&To=" + uz + messageRest), refused},
		{"a method in the body", post(account("/Messages/SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json"), "_method=POST"), refused},

		// Bodies.
		{"with a charset", typed(messages(acme), formType+"; charset=utf-8", "To="+uz+messageRest), refused},
		{"the US with a charset", typed(messages(acme), formType+";charset=UTF-8", "To="+us+messageRest), passes},
		{"in UTF-16", typed(messages(acme), formType+"; charset=utf-16", inUTF16("To=+998912345678")), refused},
		{"in UTF-16 and not saying so", typed(messages(acme), formType, inUTF16("To=+998912345678")), refused},
		{"in UTF-7", typed(messages(acme), formType+"; charset=utf-7", "To=+ACs-998912345678"), refused},
		{"compressed", request("POST", messages(acme), gzipped("To="+uz+messageRest), "Content-Encoding: gzip"), refused},
		{"compressed twice", request("POST", messages(acme), gzipped(gzipped("To="+uz+messageRest)), "Content-Encoding: identity, gzip"), refused},
		{"the US, not compressed and saying so", request("POST", messages(acme), "To="+us+messageRest, "Content-Encoding: identity"), passes},
		{"as JSON", typed(messages(acme), "application/json", `{"To":"+998912345678","From":"+12015550199","Body":"Hello"}`), refused},
		{"as text", typed(messages(acme), "text/plain", "To="+uz+messageRest), refused},
		{"without a type", request("POST", messages(acme), "To="+uz+messageRest, "-Content-Type"), refused},
		{"the US without a type", request("POST", messages(acme), "To="+us+messageRest, "-Content-Type"), passes},
		{"with two types", request("POST", messages(acme), "To="+uz+messageRest, "Content-Type: image/png", "Content-Type: "+formType), refused},
		{"with two types in one line", typed(messages(acme), "image/png, "+formType, "To="+uz+messageRest), refused},
		{"in chunks", chunked(messages(acme), "To="+uz+messageRest, 3, nil), refused},
		{"the US in chunks", chunked(messages(acme), "To="+us+messageRest, 3, nil), passes},
		{"in chunks, with a length that says there is nothing", request("POST", messages(acme), "12\r\nTo=%2B998912345678\r\n0\r\n\r\n", "Content-Length: 0", "Transfer-Encoding: chunked"), refused},
		{"in parts", typed(messages(acme), multipartType, multipartForm("b", "To", "+998912345678", "Body", "Hello")), refused},
		{"in the second of two parts", typed(messages(acme), multipartType, multipartForm("b", "To", "+12015550123", "To", "+998912345678")), refused},
		{"the US in parts", typed(messages(acme), multipartType, multipartForm("b", "To", "+12015550123", "Body", "Hello")), passes},
		{"in a part as a file", typed(messages(acme), multipartType, part(`Content-Disposition: form-data; name="To"; filename="a.txt"`, "+998912345678")+"--b--\r\n"), refused},
		{"in a part without quotes", typed(messages(acme), multipartType, part("content-disposition: Form-Data; NAME=to", "+998912345678")+"--b--\r\n"), refused},
		{"in a part with a name that is continued", typed(messages(acme), multipartType, part(`Content-Disposition: form-data; name*0="T"; name*1="o"`, "+998912345678")+"--b--\r\n"), refused},
		{"in a part with an encoded name", typed(messages(acme), multipartType, part(`Content-Disposition: form-data; name*=UTF-8''To`, "+998912345678")+"--b--\r\n"), refused},
		{"in a part with two names", typed(messages(acme), multipartType, part(`Content-Disposition: form-data; name="A"; name="To"`, "+998912345678")+"--b--\r\n"), refused},
		{"in a part in Base64", typed(messages(acme), multipartType, part("Content-Disposition: form-data; name=\"To\"\r\nContent-Transfer-Encoding: base64", "Kzk5ODkxMjM0NTY3OA==")+"--b--\r\n"), refused},
		{"in a part in UTF-16", typed(messages(acme), multipartType, part("Content-Disposition: form-data; name=\"To\"\r\nContent-Type: text/plain; charset=utf-16", inUTF16("+998912345678"))+"--b--\r\n"), refused},
		{"behind the last part", typed(messages(acme), multipartType, multipartForm("b", "To", "+12015550123")+part(`Content-Disposition: form-data; name="To"`, "+998912345678")+"--b--\r\n"), refused},
		{"before the first part", typed(messages(acme), multipartType, "--bb\r\nContent-Disposition: form-data; name=\"To\"\r\n\r\n+998912345678\r\n"+multipartForm("b", "To", "+12015550123")), refused},
		{"in parts of another boundary", typed(messages(acme), "multipart/form-data; boundary=c", multipartForm("b", "To", "+998912345678")), refused},
		{"in parts with lines that end in LF", typed(messages(acme), multipartType, strings.ReplaceAll(multipartForm("b", "To", "+998912345678"), "\r\n", "\n")), refused},
		{"in parts without a boundary", typed(messages(acme), "multipart/form-data", multipartForm("b", "To", "+998912345678")), refused},
		{"in parts that are mixed", typed(messages(acme), "multipart/mixed; boundary=b", multipartForm("b", "To", "+998912345678")), refused},

		// TwiML.
		{"TwiML that dials", twiml("<Response><Dial>+998912345678</Dial></Response>"), refused},
		{"TwiML that dials the US", twiml("<Response><Dial>+12015550123</Dial></Response>"), passes},
		{"TwiML that dials a number", twiml("<Response><Dial><Number>+998912345678</Number></Dial></Response>"), refused},
		{"TwiML that dials the second of two", twiml("<Response><Dial><Number>+12015550123</Number><Number>998 91 234 56 78</Number></Dial></Response>"), refused},
		{"TwiML with entities", twiml("<Response><Dial>&#43;99&#x38;912345678</Dial></Response>"), refused},
		{"TwiML with CDATA", twiml("<Response><Dial><![CDATA[+9989]]>1<![CDATA[2345678]]></Dial></Response>"), refused},
		{"TwiML with comments", twiml("<Response><Dial>+99891<!-- no -->234<?x y?>5678</Dial></Response>"), refused},
		{"TwiML with letters", twiml("<Response><Dial>+99891ADGJMPT</Dial></Response>"), refused},
		{"TwiML in full width", twiml("<Response><Dial>＋９９８９１２３４５６７８</Dial></Response>"), refused},
		{"TwiML in small letters", twiml("<response><dial><number>+998912345678</number></dial></response>"), refused},
		{"TwiML in a namespace", twiml(`<x:Response xmlns:x="y"><x:Dial>+998912345678</x:Dial></x:Response>`), refused},
		{"TwiML with an element nobody knows in it", twiml("<Response><Dial><b>+998912345678</b></Dial></Response>"), refused},
		{"TwiML cut up by elements nobody knows", twiml("<Response><Dial><b>+99891</b><b>234567</b><b>8</b></Dial></Response>"), refused},
		{"TwiML with an element inside the number", twiml("<Response><Dial><Number>+99891<b/>2345678</Number></Dial></Response>"), refused},
		{"TwiML with a document type", twiml(`<!DOCTYPE r [<!ENTITY n "+998912345678">]><Response><Dial>&n;</Dial></Response>`), refused},
		{"TwiML that is broken", twiml("<Response><Dial>+998912345678</Response>"), refused},
		{"TwiML in two documents", twiml("<Response></Response><Response><Dial>+998912345678</Dial></Response>"), refused},
		{"TwiML over a trunk", twiml("<Response><Dial><Sip>sip:+998912345678@acme.pstn.twilio.com</Sip></Dial></Response>"), refused},
		{"TwiML over a trunk with a question mark in the user", twiml("<Response><Dial><Sip>sip:+998912345678?a@acme.pstn.twilio.com</Sip></Dial></Response>"), refused},
		{"TwiML that refers", twiml("<Response><Refer><Sip>sip:+998912345678@acme.pstn.twilio.com</Sip></Refer></Response>"), refused},
		{"TwiML that sends a message", twiml(`<Response><Sms to="+998912345678">Hi</Sms></Response>`), refused},
		{"TwiML that sends a message, with entities", twiml(`<Response><Sms TO='&#43;998912345678'>Hi</Sms></Response>`), refused},
		{"TwiML that goes on at a URL", twiml("<Response><Redirect>http://twimlets.com/forward?PhoneNumber=%2B998912345678</Redirect></Response>"), refused},
		{"TwiML that speaks", twiml("<Response><Say>Hello, your code is 1 2 3 4</Say></Response>"), passes},
		{"TwiML in lines", twiml("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n  <Say>Hello</Say>\n  <Dial callerId=\"+12015550199\">\n    <Number>+12015550123</Number>\n  </Dial>\n  <Hangup/>\n</Response>\n"), passes},
		{"TwiML in lines that dials", twiml("<Response>\n  <Say>Hello</Say>\n  <Dial>\n    <Number>+998912345678</Number>\n  </Dial>\n</Response>\n"), refused},
		{"TwiML to a client", twiml("<Response><Dial><Client>alice</Client></Dial></Response>"), passes},
		{"TwiML under another name", post(account("/Calls.json"), "To="+us+"&twiml=%3CResponse%3E%3CDial%3E"+uz+"%3C%2FDial%3E%3C%2FResponse%3E"), refused},
		{"TwiML in the query", post(account("/Calls.json")+"?Twiml=%3CResponse%3E%3CDial%3E"+uz+"%3C%2FDial%3E%3C%2FResponse%3E", "To="+us+callRest), refused},
		{"TwiML for a call that goes on", post(account("/Calls/CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json"), "Twiml=%3CResponse%3E%3CDial%3E"+uz+"%3C%2FDial%3E%3C%2FResponse%3E"), refused},
		{"a call that is hung up", post(account("/Calls/CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json"), "Status=completed"), passes},
		{"TwiML that a public service echoes", post(account("/Calls.json"), "To="+us+"&From=%2B12015550199&Url="+url.QueryEscape("http://twimlets.com/echo?Twiml="+url.QueryEscape("<Response><Dial>+998912345678</Dial></Response>"))), refused},

		// Who asks.
		{"with two credentials", request("POST", messages(acme), "To="+us+messageRest, "Authorization: "+basic(acme+":secret"), "Authorization: "+basic(nobody+":secret")), refused},
		{"without a credential", request("POST", messages(acme), "To="+uz+messageRest, "-Authorization"), refused},
		{"the US without a credential", request("POST", messages(acme), "To="+us+messageRest, "-Authorization"), passes},
		{"verified without a credential", request("POST", verifications, "To="+uz+"&Channel=sms", "Host: verify.twilio.com", "-Authorization"), refused},
		{"verified by a key that nobody named", request("POST", verifications, "To="+uz+"&Channel=sms", "Host: verify.twilio.com", "Authorization: "+basic("SK99999999999999999999999999999999:secret")), refused},
		{"with a token", request("POST", messages(acme), "To="+uz+messageRest, "Authorization: Bearer e30.e30.e30"), refused},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.refused {
				s.mustRefuse(t, c.request, 0, 0)
			} else {
				s.mustForward(t, c.request)
			}
		})
	}
}

// A sender with narrower permissions is the same sender however it is written.
func TestNoSpellingOfASenderEscapesItsPermissions(t *testing.T) {
	s := startExactGate(t, `
		account `+acme+` "Acme" {
			messaging US CA
			voice US CA
			sender +12015550199 {
				messaging US
				voice US
			}
			sender MG33333333333333333333333333333333 {
				messaging US
			}
			sender Acme {
				messaging US
			}
		}`, "")
	const ca = "%2B14165550123"
	form := func(target, sender string) string { return post(target, "To="+ca+"&Body=Hello&"+sender) }
	for _, c := range []struct {
		name    string
		request string
		refused bool
	}{
		{"the sender may not reach Canada", form(messages(acme), "From=%2B12015550199"), true},
		{"another may", form(messages(acme), "From=%2B12015550198"), false},
		{"the sender may reach the US", post(messages(acme), "To="+us+"&Body=Hello&From=%2B12015550199"), false},
		{"in national form", form(messages(acme), "From=(201)+555-0199"), true},
		{"without plus", form(messages(acme), "From=12015550199"), true},
		{"in full width", form(messages(acme), "From="+url.QueryEscape("＋１２０１５５５０１９９")), true},
		{"by WhatsApp", form(messages(acme), "From=whatsapp%3A%2B12015550199"), true},
		{"under another letter case", form(messages(acme), "from=%2B12015550199"), true},
		{"as the second of two", form(messages(acme), "From=%2B12015550198&From=%2B12015550199"), true},
		{"in the query", form(messages(acme)+"?From=%2B12015550199", "From=%2B12015550198"), true},
		{"as the fallback", form(messages(acme), "From=%2B12015550198&FallbackFrom=%2B12015550199"), true},
		{"a messaging service", form(messages(acme), "MessagingServiceSid=MG33333333333333333333333333333333"), true},
		{"a messaging service in small letters", form(messages(acme), "MessagingServiceSid=mg33333333333333333333333333333333"), true},
		{"a messaging service as From", form(messages(acme), "From=MG33333333333333333333333333333333"), true},
		{"another messaging service", form(messages(acme), "MessagingServiceSid=MG44444444444444444444444444444444"), false},
		{"a name", form(messages(acme), "From=Acme"), true},
		{"a name in capitals", form(messages(acme), "From=+ACME+"), true},
		{"a name in full width", form(messages(acme), "From="+url.QueryEscape("Ａｃｍｅ")), true},
		{"another name", form(messages(acme), "From=Other"), false},
		{"a call", form(account("/Calls.json"), "From=%2B12015550199&Url=http%3A%2F%2Fa.example"), true},
		{"a call with a caller ID", form(account(participants), "From=%2B12015550198&CallerId=%2B12015550199"), true},
		{"a message in a conversation", at("conversations", conversation, "MessagingBinding.Address="+ca+"&MessagingBinding.ProxyAddress=%2B12015550199"), true},
		{"a message in JSON", request("POST", "/v1/Messages", `{"from":"+12015550199","to":[{"address":"+14165550123","channel":"SMS"}]}`, "Host: comms.twilio.com", "Content-Type: application/json"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.refused {
				s.mustRefuse(t, c.request, 0, 0)
			} else {
				s.mustForward(t, c.request)
			}
		})
	}
}

// A default that is wider than the account's own set must not be had by
// writing the credential so that the gate does not recognise it.
func TestNoSpellingOfACredentialEscapesItsAccount(t *testing.T) {
	s := startExactGate(t, `
		default {
			messaging UZ US
			voice none
		}`+acmePolicy, "")
	userinfo := acme + ":secret12"
	encoded := strings.TrimPrefix(basic(userinfo), "Basic ")
	withPadding := strings.TrimPrefix(basic(acme+":secret"), "Basic ")
	if strings.TrimRight(withPadding, "=") == withPadding {
		t.Fatal("this credential needs padding to be worth trying without")
	}
	verify := func(authorization string) string {
		return request("POST", verifications, "To="+uz+"&Channel=sms", "Host: verify.twilio.com", "Authorization: "+authorization)
	}
	for _, c := range []struct {
		name    string
		request string
		refused bool
	}{
		{"as it should be", verify("Basic " + encoded), true},
		{"with a scheme in small letters", verify("basic " + encoded), true},
		{"with two spaces", verify("Basic  " + encoded), true},
		{"with a tab", verify("Basic\t" + encoded), true},
		{"without its padding", verify("Basic " + strings.TrimRight(withPadding, "=")), true},
		{"with a space in it", verify("Basic " + encoded[:8] + " " + encoded[8:]), true},
		{"with something behind it", verify("Basic " + withPadding + "AAAA"), true},
		{"with an account in small letters", verify(basic(strings.ToLower(acme) + ":secret")), true},
		{"with a space before the account", verify(basic(" " + acme + ":secret")), true},
		{"somebody nobody named has the default", verify(basic(nobody + ":secret")), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.refused {
				s.mustRefuse(t, c.request, 0, 0)
			} else {
				s.mustForward(t, c.request)
			}
		})
	}
}
