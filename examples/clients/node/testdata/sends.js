// Every way in which Twilio's library names a destination, each once with one
// that may be reached and once with one that may not:
//
//   node sends.js http://localhost:8080
//
// prints a line of JSON for each of them with what became of it.
const twilio = require('twilio');

// Keeps the Host, as verify.js does.
class GateClient extends twilio.RequestClient {
  request(options) {
    const { origin, host } = new URL(options.uri);
    return super.request({
      ...options,
      uri: options.uri.replace(origin, process.argv[2]),
      headers: { ...options.headers, Host: host },
    });
  }
}

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN, { httpClient: new GateClient() });

const inUS = '+12015550123';
const inUZ = '+998912345678'; // not enabled
const from = '+12015550199';
const body = 'Hello';
const url = 'https://example.com/twiml';

const { api, conversations, flexApi, notify, numbers, preview, proxy, studio, taskrouter, verify } = client;
const verifications = verify.v2.services('VA1').verifications;
const workspace = taskrouter.v1.workspaces('WS1');
const ofTask = workspace.tasks('WT1').reservations('WR1');
const ofWorker = workspace.workers('WK1').reservations('WR1');
const channel = flexApi.v1.interaction('KD1').channels('UO1');

// What a refusal says.
const message = { status: 400, code: 21408 };
const call = { status: 400, code: 21215 };
const verification = { status: 403, code: 60605 };
const standard = { status: 400, code: 21408, short: true }; // without more_info

// The file of the library that a send is in, what makes it special, how it is
// refused, and the send.
const sends = [
  ['api/v2010/account/message', 'from a number', message, (to) => client.messages.create({ to, from, body })],
  ['api/v2010/account/message', 'from a service', message, (to) => client.messages.create({ to, messagingServiceSid: 'MG1', body })],
  ['api/v2010/account/message', 'of a template', message, (to) => client.messages.create({ to, from, contentSid: 'HX1' })],
  ['api/v2010/account/message', 'with media', message, (to) => client.messages.create({ to, from, mediaUrl: [url] })],
  ['api/v2010/account/message', 'later', message, (to) => client.messages.create({ to, messagingServiceSid: 'MG1', body, scheduleType: 'fixed', sendAt: new Date(4e12) })],
  ['api/v2010/account/message', 'by WhatsApp', message, (to) => client.messages.create({ to: `whatsapp:${to}`, from: `whatsapp:${from}`, body })],
  ['api/v2010/account/message', 'by RCS', message, (to) => client.messages.create({ to: `rcs:${to}`, messagingServiceSid: 'MG1', body })],
  ['api/v2010/account/message', 'of a subaccount', message, (to) => api.v2010.accounts('AC00000000000000000000000000000002').messages.create({ to, from, body })],
  ['api/v2010/account/call', 'with a URL', call, (to) => client.calls.create({ to, from, url })],
  ['api/v2010/account/call', 'with TwiML', call, (to) => client.calls.create({ to, from, twiml: '<Response><Say>Hello</Say></Response>' })],
  ['api/v2010/account/call', 'with an application', call, (to) => client.calls.create({ to, from, applicationSid: 'AP1' })],
  ['api/v2010/account/call', 'to a client, with TwiML that dials', call, (to) => client.calls.create({ to: 'client:ann', from, twiml: `<Response><Dial>${to}</Dial></Response>` })],
  ['api/v2010/account/call', 'with new TwiML that dials', call, (to) => client.calls('CA1').update({ twiml: `<Response><Dial><Number>${to}</Number></Dial></Response>` })],
  ['api/v2010/account/call', 'with a TwiML builder', call, (to) => client.calls('CA1').update({ twiml: dialling(to) })],
  ['api/v2010/account/conference/participant', '', call, (to) => client.conferences('CF1').participants.create({ from, to })],
  ['api/v2010/account/validationRequest', '', call, (to) => client.validationRequests.create({ phoneNumber: to })],

  ['verify/v2/service/verification', 'by SMS', verification, (to) => verifications.create({ to, channel: 'sms' })],
  ['verify/v2/service/verification', 'by call', verification, (to) => verifications.create({ to, channel: 'call' })],
  ['verify/v2/service/verification', 'by WhatsApp', verification, (to) => verifications.create({ to, channel: 'whatsapp' })],
  ['verify/v2/service/verification', 'by RCS', verification, (to) => verifications.create({ to, channel: 'rcs' })],
  ['verify/v2/service/verification', 'by whatever is best', verification, (to) => verifications.create({ to, channel: 'auto' })],
  ['verify/v2/service/verification', 'with a code of ours', verification, (to) => verifications.create({ to, channel: 'sms', customCode: '123456' })],

  ['studio/v2/flow/execution', '', message, (to) => studio.v2.flows('FW1').executions.create({ to, from })],
  ['studio/v1/flow/execution', '', message, (to) => studio.v1.flows('FW1').executions.create({ to, from })],
  ['studio/v1/flow/engagement', '', message, (to) => studio.v1.flows('FW1').engagements.create({ to, from })],

  ['conversations/v1/conversation/participant', '', message, (to) => conversations.v1.conversations('CH1').participants.create({ 'messagingBinding.address': to, 'messagingBinding.proxyAddress': from })],
  ['conversations/v1/service/conversation/participant', '', message, (to) => conversations.v1.services('IS1').conversations('CH1').participants.create({ 'messagingBinding.address': `whatsapp:${to}`, 'messagingBinding.proxyAddress': `whatsapp:${from}` })],
  ['conversations/v1/conversationWithParticipants', '', message, (to) => conversations.v1.conversationWithParticipants.create({ participant: [bound(to)] })],
  ['conversations/v1/service/conversationWithParticipants', '', message, (to) => conversations.v1.services('IS1').conversationWithParticipants.create({ participant: [bound(from), bound(to)] })],
  ['conversations/v2/conversation', '', standard, (to) => conversations.v2.conversations.create({ configurationId: '1', participants: [{ type: 'CUSTOMER', addresses: [{ channel: 'SMS', address: to }] }] })],
  ['conversations/v2/participant', '', standard, (to) => conversations.v2.participants('1').create({ type: 'CUSTOMER', addresses: [{ channel: 'SMS', address: to }] })],
  ['conversations/v2/action', '', standard, (to) => conversations.v2.actions('1').create({ type: 'SEND_MESSAGE', payload: { from: { address: from, channel: 'SMS' }, to: [{ address: to, channel: 'SMS' }], content: { text: body } } })],
  ['conversations/v2/communication', '', standard, (to) => conversations.v2.communications('1').create({ author: { address: from, channel: 'SMS' }, content: { type: 'TEXT', text: body }, recipients: [{ address: to, channel: 'SMS' }] })],

  ['notify/v1/service/notification', 'by SMS', message, (to) => notify.v1.services('IS1').notifications.create({ body, toBinding: [JSON.stringify({ binding_type: 'sms', address: to })] })],
  ['notify/v1/service/binding', '', message, (to) => notify.v1.services('IS1').bindings.create({ identity: 'ann', bindingType: 'sms', address: to })],

  ['proxy/v1/service/session/participant', '', message, (to) => proxy.v1.services('KS1').sessions('KC1').participants.create({ identifier: to })],
  ['proxy/v1/service/session', '', message, (to) => proxy.v1.services('KS1').sessions.create({ participants: [{ Identifier: from }, { Identifier: to }] })],

  ['taskrouter/v1/workspace/task/reservation', 'by call', call, (to) => ofTask.update({ instruction: 'call', callFrom: from, callTo: to, callUrl: url })],
  ['taskrouter/v1/workspace/task/reservation', 'by dequeuing', call, (to) => ofTask.update({ instruction: 'dequeue', dequeueFrom: from, dequeueTo: to })],
  ['taskrouter/v1/workspace/task/reservation', 'by conference', call, (to) => ofTask.update({ instruction: 'conference', from, to })],
  ['taskrouter/v1/workspace/worker/reservation', 'by call', call, (to) => ofWorker.update({ instruction: 'call', callFrom: from, callTo: to, callUrl: url })],
  ['taskrouter/v1/workspace/worker/reservation', 'by dequeuing', call, (to) => ofWorker.update({ instruction: 'dequeue', dequeueFrom: from, dequeueTo: to })],
  ['taskrouter/v1/workspace/worker/reservation', 'by conference', call, (to) => ofWorker.update({ instruction: 'conference', from, to })],

  ['flexApi/v1/interaction', '', message, (to) => flexApi.v1.interaction.create({ channel: { type: 'sms', initiated_by: 'agent', participants: [{ address: to, proxy_address: from }] }, routing: {} })],
  ['flexApi/v1/interaction/interactionChannel/interactionChannelParticipant', '', message, (to) => channel.participants.create({ type: 'customer', mediaProperties: { address: to, proxy_address: from } })],
  ['flexApi/v1/interaction/interactionChannel/interactionChannelInvite', '', message, (to) => channel.invites.create({ routing: { properties: { address: to } } })],
  ['flexApi/v1/interaction/interactionChannel/interactionTransfer', '', message, (to) => channel.transfers.create({ from, to })],
  ['flexApi/v1/channel', '', message, (to) => flexApi.v1.channel.create({ flexFlowSid: 'FO1', identity: to, chatUserFriendlyName: 'Ann', chatFriendlyName: 'Ann', target: to })],

  ['numbers/v1/smsVerification', '', message, (to) => numbers.v1.smsVerifications.create({ to })],
  ['numbers/v1/voiceVerification', '', call, (to) => numbers.v1.voiceVerifications.create({ phoneNumber: to })],
  ['numbers/v2/hostedNumberOrder', '', call, (to) => numbers.v2.hostedNumberOrders.create({ phoneNumber: to, contactPhoneNumber: to, addressSid: 'AD1', email: 'ann@example.com' })],
  ['preview/hosted_numbers/hostedNumberOrder', '', call, (to) => preview.hosted_numbers.hostedNumberOrders.create({ phoneNumber: to, smsCapability: true, verificationType: 'phone-call' })],
];

// What reaches no one at the number, or no one by phone: it passes with either.
const harmless = [
  ['verify/v2/service/verification', 'by e-mail', (to) => verifications.create({ to: `u${to.slice(1)}@example.com`, channel: 'email' })],
  ['verify/v2/service/verification', 'without a message', (to) => verifications.create({ to, channel: 'sna' })],
  ['verify/v2/service/verificationCheck', '', (to) => verify.v2.services('VA1').verificationChecks.create({ to, code: '123456' })],
  ['api/v2010/account/message', 'of a list', (to) => client.messages.list({ to, limit: 1 })],
  ['api/v2010/account/message', 'by Messenger', (to) => client.messages.create({ to: `messenger:${to.slice(1)}`, from: 'messenger:1', body })],
  ['api/v2010/account/call', 'to a client', (to) => client.calls.create({ to: `client:u${to.slice(1)}`, from, url })],
  ['conversations/v1/conversation/participant', 'by chat', (to) => conversations.v1.conversations('CH1').participants.create({ identity: `u${to.slice(1)}` })],
  ['notify/v1/service/notification', 'by an app', (to) => notify.v1.services('IS1').notifications.create({ body, toBinding: [JSON.stringify({ binding_type: 'fcm', address: `f${to.slice(1)}x:APA91bH` })] })],
];

function bound(to) {
  return JSON.stringify({ messaging_binding: { type: 'sms', address: to, proxy_address: from } });
}

function dialling(to) {
  const response = new twilio.twiml.VoiceResponse();
  response.dial().number(to);
  return response.toString();
}

// What became of a send: nothing to say of one that went well.
async function outcome(send, to) {
  try {
    await send(to);
    return {};
  } catch (error) {
    const { code, status, moreInfo, message } = error;
    return { typed: error instanceof twilio.RestException, code, status, moreInfo, message };
  }
}

async function main() {
  for (const [file, how, refusal, send] of sends) {
    console.log(JSON.stringify({ file, how, refusal, allowed: await outcome(send, inUS), denied: await outcome(send, inUZ) }));
  }
  for (const [file, how, send] of harmless) {
    console.log(JSON.stringify({ file, how, allowed: await outcome(send, inUS), denied: await outcome(send, inUZ) }));
  }
}

main();
