<?php
// Starts a verification by SMS through the gate: php verify.php +12015550123
require 'vendor/autoload.php';

use Twilio\Exceptions\RestException;
use Twilio\Http\CurlClient;
use Twilio\Http\Response;
use Twilio\Rest\Client;

// Sends every request to the gate and leaves it the Host it was meant for, by
// which the gate tells Twilio's products apart.
final class GateClient extends CurlClient
{
    private string $gate;

    public function __construct(string $gate)
    {
        parent::__construct();
        $this->gate = $gate;
    }

    public function request(
        string $method,
        string $url,
        array $params = [],
        array $data = [],
        array $headers = [],
        ...$rest
    ): Response {
        $host = parse_url($url, PHP_URL_HOST);
        $url = $this->gate . substr($url, strlen("https://$host"));
        return parent::request($method, $url, $params, $data, ['Host' => $host] + $headers, ...$rest);
    }
}

$client = new Client(
    getenv('TWILIO_ACCOUNT_SID'),
    getenv('TWILIO_AUTH_TOKEN'),
    null,
    null,
    new GateClient(getenv('TOLLGATE'))
);

try {
    $verification = $client->verify->v2->services(getenv('TWILIO_VERIFY_SERVICE'))
        ->verifications->create($argv[1], 'sms');
    echo $verification->sid, "\n";
} catch (RestException $error) {
    fwrite(STDERR, $error->getCode() . ' ' . $error->getMessage() . "\n");
    exit(1);
}
