// Writes what Twilio's library for Node makes of ordinary TwiML, as JSON.
const path = require('node:path');
const root = path.join(__dirname, '../../../../../examples/clients/node/node_modules');
const { twiml } = require(path.join(root, 'twilio'));

const voice = (build) => { const r = new twiml.VoiceResponse(); build(r); return r.toString(); };
const messaging = (build) => { const r = new twiml.MessagingResponse(); build(r); return r.toString(); };

console.log(JSON.stringify([
  ['a dial', voice((r) => r.dial('+12015550123'))],
  ['a dial with a caller', voice((r) => r.dial({ callerId: '+12015550199', action: '/done?a=1&b=2' }, '+1 (201) 555-0123'))],
  ['numbers', voice((r) => { const d = r.dial({ timeout: 20 }); d.number({ url: '/whisper' }, '+12015550123'); d.number('+447911123456'); d.client('ann'); })],
  ['SIP', voice((r) => r.dial().sip({ username: 'u' }, 'sip:ann@pbx.example?x-a="1"&x-b=<2>'))],
  ['SIP addresses in order', voice((r) => { const s = r.dial().sip(''); s.uri({ priority: 1 }, 'sip:+12015550123@acme.pstn.twilio.com'); s.headers().header({ name: 'X-Number', value: '+998912345678' }); })],
  ['WhatsApp', voice((r) => r.dial({ callerId: 'whatsapp:+12015550199' }).whatsApp('+447911123456'))],
  ['a client', voice((r) => { const c = r.dial().client(); c.identity('998912345678'); c.parameter({ name: 'a', value: '+998912345678 > "x"' }); })],
  ['a conference', voice((r) => r.dial().conference({ waitUrl: '/wait', statusCallbackEvent: ['start', 'end'] }, 'Room 998912345678'))],
  ['an application', voice((r) => { const a = r.dial().application({ customerId: '998912345678' }); a.applicationSid('AP00000000000000000000001234567890'); })],
  ['a SIM', voice((r) => r.dial().sim('DE00000000000000000000001234567890'))],
  ['a referral', voice((r) => r.refer().sip('sip:ann@pbx.example'))],
  ['a text', voice((r) => r.sms({ to: '+12015550123', from: '+12015550199' }, 'Call +998912345678'))],
  ['speech', voice((r) => { const s = r.say({ voice: 'Polly.Joanna' }, 'Call '); s.sayAs({ 'interpret-as': 'telephone' }, '+998912345678'); s.lang({ 'xml:lang': 'de-DE' }, '998912345678'); s.prosody({ rate: 'slow' }, '998912345678').break({ time: '1s' }); })],
  ['a comment', voice((r) => { r.comment('<Dial>+998912345678</Dial>'); r.commentBefore('+998912345678'); r.commentAfter('+998912345678'); r.hangup(); })],
  ['text of one\'s own', voice((r) => r.addText('+998912345678'))],
  ['an element of one\'s own', voice((r) => r.addChild('Foo', { bar: '+998912345678' }).addText('+998912345678'))],
  ['a menu', voice((r) => { const g = r.gather({ action: '/menu', hints: '+998912345678' }); g.say('Press 1 for 998912345678'); g.play('https://cdn.example/1.mp3'); r.redirect('/again'); })],
  ['a task', voice((r) => r.enqueue({ workflowSid: 'WW1' }).task('{"from":"+998912345678"}'))],
  ['a relay', voice((r) => { const c = r.connect({ action: '/done' }).conversationRelay({ url: 'wss://ai.example', welcomeGreeting: 'Call +998912345678' }); c.language({ code: 'de-DE' }); c.parameter({ name: 'a', value: '998912345678' }); })],
  ['a stream', voice((r) => { const s = r.start().stream({ url: 'wss://s.example', statusCallback: '/s' }); s.parameter({ name: 'a', value: '998912345678' }); })],
  ['a reply', messaging((r) => r.message('Call +998912345678 <now> & "then"'))],
  ['a message', messaging((r) => { const m = r.message({ to: '+12015550123', action: '/sent' }); m.body('Call +998912345678'); m.media('https://cdn.example/998912345678.png'); })],
  ['a reply elsewhere', messaging((r) => r.redirect('https://app.example/next'))],
]));
