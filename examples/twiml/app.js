// A small web application that tells Twilio what to do with calls and messages: a
// hotline that connects its callers to the number that they type. It checks no number.
// That is what the gate in front of it is for.
const http = require('node:http');
const { VoiceResponse, MessagingResponse } = require('twilio').twiml;

const answers = {
  // Asks the caller for a number.
  '/voice': () => {
    const response = new VoiceResponse();
    const gather = response.gather({ action: '/dial', finishOnKey: '#' });
    gather.say('Type the number that you want to call, and the hash key.');
    return response;
  },
  // Connects the caller to the number that was typed.
  '/dial': (parameters) => {
    const response = new VoiceResponse();
    response.say('We are connecting you.');
    response.dial({ callerId: parameters.get('To') }, '+' + parameters.get('Digits'));
    return response;
  },
  // Answers a message.
  '/sms': (parameters) => {
    const response = new MessagingResponse();
    response.message('You wrote: ' + parameters.get('Body'));
    return response;
  },
};

const port = process.env.PORT || 3000;
http.createServer((request, response) => {
  const answer = answers[request.url];
  if (!answer || request.method !== 'POST') {
    response.writeHead(404).end();
    return;
  }
  let body = '';
  request.on('data', (piece) => { body += piece; });
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'text/xml' });
    response.end(answer(new URLSearchParams(body)).toString());
  });
}).listen(port, '127.0.0.1');
