// Command go writes what Twilio's library for Go makes of ordinary TwiML, as JSON.
// It is a module of its own, since the library needs another one that the gate
// does not.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/twilio/twilio-go/twiml"
)

type verbs = []twiml.Element

var documents = []struct {
	name  string
	verbs verbs
}{
	{"nothing", nil},
	{"a dial", verbs{twiml.VoiceDial{Number: "+12015550123"}}},
	{"a dial with a caller", verbs{twiml.VoiceDial{Number: "201-555-0123", CallerId: "+12015550199", Action: "/done", ReferUrl: "/refer", RecordingStatusCallback: "/rec"}}},
	{"numbers", verbs{twiml.VoiceDial{CallerId: "+12015550199", InnerElements: verbs{
		twiml.VoiceNumber{PhoneNumber: "+12015550123", SendDigits: "ww12345678", Url: "/whisper", StatusCallback: "/status"},
		twiml.VoiceNumber{PhoneNumber: "+447911123456", Byoc: "BY00000000000000000000000000000000", AmdStatusCallback: "/amd"}}}}},
	{"SIP", verbs{twiml.VoiceDial{InnerElements: verbs{twiml.VoiceSip{SipUrl: "sip:ann@pbx.example?x-a=1&x-b=2", Username: "u", Password: "p", Url: "/sip"}}}}},
	{"SIP addresses in order", verbs{twiml.VoiceDial{InnerElements: verbs{twiml.VoiceSip{InnerElements: verbs{
		twiml.VoiceUri{SipUrl: "sip:ann@pbx.example", Priority: "1"}, twiml.VoiceUri{SipUrl: "sip:+12015550123@acme.pstn.twilio.com"},
		twiml.VoiceHeaders{InnerElements: verbs{twiml.VoiceHeader{Name: "X-Number", Value: "+998912345678"}}}}}}}}},
	{"WhatsApp", verbs{twiml.VoiceDial{CallerId: "whatsapp:+12015550199", InnerElements: verbs{twiml.VoiceWhatsApp{PhoneNumber: "+447911123456", Url: "/w"}}}}},
	{"a client", verbs{twiml.VoiceDial{InnerElements: verbs{twiml.VoiceClient{InnerElements: verbs{
		twiml.VoiceIdentity{ClientIdentity: "998912345678"}, twiml.VoiceParameter{Name: "number", Value: "+998912345678"}}}}}}},
	{"a conference", verbs{twiml.VoiceDial{InnerElements: verbs{twiml.VoiceConference{
		Name: "Room 998912345678", WaitUrl: "/wait", ParticipantLabel: "+998912345678", EventCallbackUrl: "/e", StatusCallback: "/s", Coach: "CA00000000000000000000000000000000"}}}}},
	{"a queue", verbs{twiml.VoiceDial{InnerElements: verbs{twiml.VoiceQueue{Name: "998912345678", Url: "/q", ReservationSid: "WR00000000000000000000001234567890"}}}}},
	{"a SIM", verbs{twiml.VoiceDial{InnerElements: verbs{twiml.VoiceSim{SimSid: "DE00000000000000000000001234567890"}}}}},
	{"an application", verbs{twiml.VoiceDial{InnerElements: verbs{twiml.VoiceApplication{Url: "/a", CustomerId: "998912345678", InnerElements: verbs{
		twiml.VoiceApplicationSid{Sid: "AP00000000000000000000001234567890"}, twiml.VoiceParameter{Name: "a", Value: "998912345678"}}}}}}},
	{"a referral", verbs{twiml.VoiceRefer{Action: "/done", InnerElements: verbs{twiml.VoiceReferSip{SipUrl: "sip:ann@pbx.example"}}}}},
	{"a text", verbs{twiml.VoiceSms{Message: "Call +998912345678", To: "+12015550123", From: "+12015550199", Action: "/a", StatusCallback: "/s"}}},
	{"a text to the caller", verbs{twiml.VoiceSms{Message: "Hello"}}},
	{"a message", verbs{twiml.MessagingMessage{To: "+12015550123", From: "+12015550199", StatusCallback: "/s", InnerElements: verbs{
		twiml.MessagingBody{Message: "Call +998912345678"}, twiml.MessagingMedia{Url: "https://cdn.example/998912345678.png"}}}}},
	{"a reply", verbs{twiml.MessagingMessage{Body: "Call +998912345678"}}},
	{"a reply elsewhere", verbs{twiml.MessagingRedirect{Url: "https://app.example/next"}}},
	{"a menu", verbs{twiml.VoiceGather{Action: "/menu", NumDigits: "1", Hints: "+998912345678", PartialResultCallback: "/p", InnerElements: verbs{
		twiml.VoiceSay{Message: "Press 1 for +998912345678"}, twiml.VoicePlay{Url: "https://cdn.example/1.mp3"}, twiml.VoicePause{Length: "1"}}},
		twiml.VoiceRedirect{Url: "/again"}}},
	{"speech", verbs{twiml.VoiceSay{Message: "998912345678", Voice: "Polly.Joanna", InnerElements: verbs{
		twiml.VoiceBreak{Time: "1s"}, twiml.VoiceEmphasis{Words: "998912345678"}, twiml.VoiceLang{Words: "998912345678"}, twiml.VoiceP{Words: "998912345678"},
		twiml.VoicePhoneme{Words: "998912345678", Ph: "x"}, twiml.VoiceProsody{Words: "998912345678"}, twiml.VoiceS{Words: "998912345678"},
		twiml.VoiceSayAs{Words: "998912345678", InterpretAs: "telephone"}, twiml.VoiceSub{Words: "us", Alias: "998912345678"}, twiml.VoiceW{Words: "998912345678"}}}}},
	{"keys", verbs{twiml.VoicePlay{Digits: "ww998912345678"}}},
	{"a recording", verbs{twiml.VoiceRecord{Action: "/r", TranscribeCallback: "/t", RecordingStatusCallback: "/s", MaxLength: "3600"}}},
	{"a payment", verbs{twiml.VoicePay{Action: "/paid", StatusCallback: "/s", Description: "order 998912345678", InnerElements: verbs{twiml.VoicePrompt{Attempt: "1"}}}}},
	{"a queue to wait in", verbs{twiml.VoiceEnqueue{Action: "/left", WaitUrl: "/wait", WorkflowSid: "WW00000000000000000000001234567890", InnerElements: verbs{
		twiml.VoiceTask{Body: `{"from":"+998912345678","account":"998912345678"}`}}}}},
	{"a worker by number", verbs{twiml.VoiceEnqueue{InnerElements: verbs{twiml.VoiceTask{Body: `{"contact_uri":"+12015550123"}`}}}}},
	{"a relay", verbs{twiml.VoiceConnect{Action: "/done", InnerElements: verbs{twiml.VoiceConversationRelay{Url: "wss://ai.example", WelcomeGreeting: "Call +998912345678", InnerElements: verbs{
		twiml.VoiceLanguage{Code: "de-DE"}, twiml.VoiceParameter{Name: "caller", Value: "+998912345678"}}}}}}},
	{"a virtual agent", verbs{twiml.VoiceConnect{InnerElements: verbs{twiml.VoiceVirtualAgent{ConnectorName: "a", StatusCallback: "/s", InnerElements: verbs{
		twiml.VoiceConfig{Name: "a", Value: "998912345678"}}}}}}},
	{"other ways to connect", verbs{twiml.VoiceConnect{InnerElements: verbs{twiml.VoiceRoom{Name: "998912345678", ParticipantIdentity: "998912345678"},
		twiml.VoiceConversation{ServiceInstanceSid: "IS00000000000000000000001234567890", Url: "/c"}, twiml.VoiceAutopilot{Name: "998912345678"},
		twiml.VoiceAiSession{AiConnector: "998912345678"}, twiml.VoiceConversationRelaySession{Connector: "998912345678"}}}}},
	{"streams", verbs{twiml.VoiceStart{InnerElements: verbs{twiml.VoiceStream{Url: "wss://s.example", StatusCallback: "/s"}, twiml.VoiceSipRec{ConnectorName: "x"},
		twiml.VoiceTranscription{StatusCallbackUrl: "/t", Hints: "998912345678"}, twiml.VoiceRecording{RecordingStatusCallback: "/r"}}}, twiml.VoiceStop{}}},
	{"the end", verbs{twiml.VoiceReject{Reason: "busy"}, twiml.VoiceLeave{}, twiml.VoiceEcho{}, twiml.VoiceHangup{}}},
}

func main() {
	var written [][2]string
	for _, d := range documents {
		document, err := twiml.Voice(d.verbs) // as messages are written, too
		if err != nil {
			log.Fatal(err)
		}
		written = append(written, [2]string{d.name, document})
	}
	if err := json.NewEncoder(os.Stdout).Encode(written); err != nil {
		log.Fatal(err)
	}
}
