// Sends one message through the gate: dotnet run -- +12015550123
using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Twilio.Clients;
using Twilio.Exceptions;
using Twilio.Rest.Api.V2010.Account;
using Twilio.Types;

var gate = new Uri(Environment.GetEnvironmentVariable("TOLLGATE")!);
var client = new TwilioRestClient(
    Environment.GetEnvironmentVariable("TWILIO_ACCOUNT_SID"),
    Environment.GetEnvironmentVariable("TWILIO_AUTH_TOKEN"),
    httpClient: new Twilio.Http.SystemNetHttpClient(new HttpClient(new GateHandler(gate))));

try
{
    var message = MessageResource.Create(
        to: new PhoneNumber(args[0]),
        from: new PhoneNumber("+12015550199"),
        body: "Hello",
        client: client);
    Console.WriteLine(message.Sid);
    return 0;
}
catch (ApiException error)
{
    Console.Error.WriteLine($"{error.Code} {error.Message}");
    return 1;
}

/// <summary>Sends every request to the gate and leaves it the Host it was meant
/// for, by which the gate tells Twilio's products apart.</summary>
internal sealed class GateHandler : DelegatingHandler
{
    private readonly Uri _gate;

    public GateHandler(Uri gate) : base(new HttpClientHandler()) => _gate = gate;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.Host = request.RequestUri!.Host;
        request.RequestUri = new UriBuilder(request.RequestUri)
        {
            Scheme = _gate.Scheme,
            Host = _gate.Host,
            Port = _gate.Port,
        }.Uri;
        return base.SendAsync(request, cancellation);
    }
}
