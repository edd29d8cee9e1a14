package twiml

import "strings"

// kind is the meaning of an element's text.
type kind uint8

const (
	// nothing is expected: digits in the text count, and inside a destination the text
	// is part of it.
	nothing kind = iota
	// destination is dialled: a number, a SIP address or a client.
	destination
	// free text is spoken, sent as the body of a message, or a name.
	free
	// identifier is a SID or another name of something at Twilio. It counts if it could
	// be a number.
	identifier
	// instructions is the address of more TwiML.
	instructions
	// resource is the address of anything else.
	resource
	// attributes is a JSON document with the attributes of a task, some of which Twilio
	// dials.
	attributes
)

// row is a verb or noun of TwiML. An attribute "to" is a destination in every row, and
// attributes in no list of the row are read as any text.
type row struct {
	// name as Twilio spells it. Names separated by a blank are spellings of one
	// element.
	name string
	text kind
	// verb says that removing the whole element removes exactly its sends.
	verb bool
	// noun says that it can take the place of a number in <Dial>, so that its text is
	// not part of one.
	noun bool
	// messages says that it sends a message, to the caller if it names no destination.
	messages bool
	// senders are attributes with a sender; instructions have URLs that answer with
	// TwiML, and resources have other URLs.
	senders, instructions, resources string
	// free attributes hold text that is spoken, played as keys or passed on.
	free string
	// source is the page below https://www.twilio.com/docs/.
	source string
}

// URLs that most nouns of <Dial> have.
const (
	callbacks       = "statusCallback amdStatusCallback"
	recordCallbacks = "recordingStatusCallback"
)

var elements = []row{
	{name: "Response", source: "voice/twiml"},

	// What dials.
	{name: dialVerb, text: destination, verb: true, senders: "callerId", instructions: "action referUrl",
		resources: recordCallbacks, free: "passports ringTone", source: "voice/twiml/dial"},
	{name: "Number", text: destination, instructions: "url", resources: callbacks, free: "sendDigits", source: "voice/twiml/number"},
	{name: "Sip", text: destination, instructions: "url", resources: callbacks, free: "username password", source: "voice/twiml/sip"},
	// Only in libraries (twilio-go/twiml, VoiceUri).
	{name: "Uri", text: destination, free: "username password", source: "voice/twiml/sip"},
	{name: "WhatsApp", text: destination, instructions: "url", resources: callbacks, source: "voice/twiml/whatsapp"},
	{name: "Refer", text: destination, verb: true, instructions: "action", source: "voice/twiml/refer"},
	{name: "ReferSip", text: destination, source: "voice/twiml/refer"},

	// Destinations at Twilio, which cost nothing to call.
	{name: "Client", text: free, noun: true, instructions: "url", resources: callbacks, source: "voice/twiml/client"},
	{name: "Identity", text: free, source: "voice/twiml/client"},
	{name: "Conference", text: free, noun: true, instructions: "waitUrl", resources: "statusCallback eventCallbackUrl " + recordCallbacks,
		free: "participantLabel coach", source: "voice/twiml/conference"},
	{name: "Queue", text: free, noun: true, instructions: "url", source: "voice/twiml/queue"},
	{name: "Sim", text: identifier, noun: true, source: "voice/twiml/sim"},
	{name: "Application", text: identifier, noun: true, instructions: "url", resources: callbacks, free: "customerId", source: "voice/twiml/dial/application"},
	{name: "ApplicationSid", text: identifier, source: "voice/twiml/dial/application"},
	{name: "Enqueue", text: free, verb: true, instructions: "action waitUrl", source: "voice/twiml/enqueue"},
	{name: "Task", text: attributes, source: "voice/twiml/enqueue"},
	{name: "Connect", verb: true, instructions: "action", source: "voice/twiml/connect"},
	{name: "Room", text: free, free: "participantIdentity", source: "voice/twiml/connect"},
	{name: "Conversation", instructions: "url", resources: "statusCallback " + recordCallbacks, source: "voice/twiml/connect"},
	{name: "Autopilot", text: free, source: "voice/twiml/connect"},
	{name: "VirtualAgent", resources: "statusCallback", free: "connectorName", source: "voice/twiml/connect/virtualagent"},
	{name: "ConversationRelay", resources: "url", free: "welcomeGreeting hints voice customerName conversationId conversationConfiguration", source: "voice/twiml/connect/conversationrelay"},
	{name: "ConversationRelaySession", free: "connector sessionConfiguration", source: "voice/twiml/connect"},
	{name: "AiSession", free: "aiConnector aiSessionConfiguration", source: "voice/twiml/connect"},
	{name: "Assistant", free: "id welcomeGreeting hints", source: "voice/twiml/connect"},
	{name: "Language", free: "voice hints", source: "voice/twiml/connect/conversationrelay"},

	// What is handed on.
	{name: "Parameter", free: "name value", source: "voice/twiml/client"},
	{name: "Config", free: "name value", source: "voice/twiml/connect/virtualagent"},
	{name: "Headers", source: "voice/twiml/sip"},
	{name: "Header", free: "name value", source: "voice/twiml/sip"},

	// Messages.
	{name: "Message", text: free, verb: true, messages: true, senders: "from", instructions: "action", resources: "statusCallback", source: "messaging/twiml/message"},
	{name: "Sms", text: free, verb: true, messages: true, senders: "from", instructions: "action", resources: "statusCallback", source: "voice/twiml/sms"},
	{name: "Body", text: free, source: "messaging/twiml/message"},
	{name: "Media", text: resource, source: "messaging/twiml/message"},

	// What is heard and said.
	{name: "Say", text: free, free: "voice", source: "voice/twiml/say"},
	{name: "Play", text: resource, free: "digits", source: "voice/twiml/play"},
	{name: "Gather", instructions: "action", resources: "partialResultCallback", free: "hints", source: "voice/twiml/gather"},
	{name: "Record", instructions: "action", resources: "transcribeCallback " + recordCallbacks, source: "voice/twiml/record"},
	{name: "Pay", instructions: "action", resources: "statusCallback", free: "description", source: "voice/twiml/pay"},
	{name: "Prompt", source: "voice/twiml/pay/prompt"},
	{name: "Start", verb: true, instructions: "action", source: "voice/twiml/stream"},
	{name: "Stop", verb: true, source: "voice/twiml/stream"},
	{name: "Stream", resources: "url statusCallback", free: "name connectorName", source: "voice/twiml/stream"},
	{name: "Siprec SipRec", resources: "statusCallback", free: "name connectorName", source: "voice/twiml/siprec"},
	{name: "Transcription", resources: "statusCallbackUrl", free: "name hints inboundTrackLabel outboundTrackLabel conversationConfiguration conversationId", source: "voice/twiml/transcription"},
	{name: "MediaFilter", free: "name", source: "voice/twiml"}, // twilio-node 6.3.1
	{name: "Recording", resources: recordCallbacks, source: "voice/twiml/recording"},

	// The rest.
	{name: "Redirect", text: instructions, source: "voice/twiml/redirect"},
	{name: "Pause", source: "voice/twiml/pause"},
	{name: "Hangup", source: "voice/twiml/hangup"},
	{name: "Leave", source: "voice/twiml/leave"},
	{name: "Reject", source: "voice/twiml/reject"},
	{name: "Echo", source: "voice/twiml"},

	// Speech in <Say>, in lower case and as the library for Go writes it.
	{name: "break Break", source: "voice/twiml/say/text-speech"},
	{name: "emphasis Emphasis", text: free, source: "voice/twiml/say/text-speech"},
	{name: "lang Lang", text: free, source: "voice/twiml/say/text-speech"},
	{name: "p P", text: free, source: "voice/twiml/say/text-speech"},
	{name: "phoneme Phoneme", text: free, free: "ph", source: "voice/twiml/say/text-speech"},
	{name: "prosody Prosody", text: free, source: "voice/twiml/say/text-speech"},
	{name: "s S", text: free, source: "voice/twiml/say/text-speech"},
	{name: "say-as SayAs", text: free, source: "voice/twiml/say/text-speech"},
	{name: "sub Sub", text: free, free: "alias", source: "voice/twiml/say/text-speech"},
	{name: "w W", text: free, source: "voice/twiml/say/text-speech"},
}

// unknown is the row of every element that the table does not have.
var unknown row

// settings are attributes that say how something is done, with a number, a word or a SID
// as their value. They reach no one in any element. They are those of Twilio's libraries
// for Go and Node, which tests compare them with.
var settings = setOf(`
	actionOnEmptyResult alphabet amdStatusCallbackMethod answerOnBridge
	applicationReconnect asrSmartFormat attempt audioFormat
	backgroundnoisereduction bankAccountType bargeIn beep byoc cardType channels
	chargeAmount code copyParentTo currency debug deepgramsmartformat dtmfDetection
	eagerEotThreshold echoPromptFiltering elevenlabsLanguageTextNormalization
	elevenlabsTextNormalization enableAutomaticPunctuation endConferenceOnExit enhanced
	errorType events filterType finishOnKey for format hangupOnStar ignorebackchannel
	inboundAutocreation inboundTimeout includeInPrompt input intelligenceService interpret-as
	interruptSensitivity interruptible jitterBufferSize language languageCode length level
	loop machineDetection machineDetectionSilenceTimeout machineDetectionSpeechEndThreshold
	machineDetectionSpeechThreshold machineDetectionTimeout maxAttempts maxLength
	maxParticipants maxQueueSize maxSpeechTime method minPostalCodeLength model muted numDigits
	partialPromptOnHangup partialPrompts partialResultCallbackMethod partialResults paymentConnector paymentMethod
	pitch playBeep postWorkActivitySid postalCode preemptible priority profanityFilter rate
	reason record recordingConfigurationId recordingStatusCallbackEvent
	recordingStatusCallbackMethod recordingTrack referMethod region
	reportInputDuringAgentSpeech requireMatchingInputs reservationSid role sampleRate
	routingAssignmentTimeout securityCode sentimentAnalysis sequential serviceInstanceSid
	speechModel speechTimeout speechtimeout startConferenceOnEnter statusCallbackEvent
	statusCallbackMethod strength time timeLimit timeout tokenType track transcribe
	transcriptionEngine transcriptionLanguage transcriptionProvider trim ttsLanguage
	ttsLanguageTextNormalization ttsProvider ttsTextNormalization turnDetection validCardTypes volume waitMethod waitUrlMethod weight
	welcomeGreetingInterruptible workflowSid
`)

func setOf(list string) map[string]bool {
	set := make(map[string]bool)
	for name := range strings.FieldsSeq(list) {
		set[name] = true
	}
	return set
}

// exactly has the rows by their exact names, and loosely those that send or lead
// elsewhere by their folded names.
var exactly, loosely = func() (exactly, loosely map[string]*row) {
	exactly, loosely = make(map[string]*row), make(map[string]*row)
	for i := range elements {
		r := &elements[i]
		for name := range strings.FieldsSeq(r.name) {
			exactly[name] = r
			if r.text == destination || r.text == instructions || r.verb {
				loosely[fold(name)] = r
			}
		}
	}
	return exactly, loosely
}()

// leading are the attributes with a URL that answers with TwiML, of all rows, by their
// folded names.
var leading = func() map[string]bool {
	leading := make(map[string]bool)
	for _, r := range elements {
		for name := range strings.FieldsSeq(r.instructions) {
			leading[fold(name)] = true
		}
	}
	return leading
}()

// fold makes names equal that differ only in letter case, in whichever direction a
// reader converts it: "ſ" is a small "S".
func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// lists reports whether a list of the row has the attribute's exact name.
func lists(list, attribute string) bool {
	for name := range strings.FieldsSeq(list) {
		if name == attribute {
			return true
		}
	}
	return false
}
