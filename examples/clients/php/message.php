<?php
// Sends one message through the gate: php message.php +12015550123
require 'vendor/autoload.php';

use Twilio\Exceptions\RestException;
use Twilio\Rest\Client;

$client = new Client(getenv('TWILIO_ACCOUNT_SID'), getenv('TWILIO_AUTH_TOKEN'));

// One product. The library has no setter for it. Without TOLLGATE, requests go
// where Twilio's hosts resolve to.
if ($gate = getenv('TOLLGATE')) {
    (function () use ($gate) {
        $this->baseUrl = $gate;
    })->call($client->api);
}

try {
    $message = $client->messages->create($argv[1], ['from' => '+12015550199', 'body' => 'Hello']);
    echo $message->sid, "\n";
} catch (RestException $error) {
    fwrite(STDERR, $error->getCode() . ' ' . $error->getMessage() . "\n");
    exit(1);
}
