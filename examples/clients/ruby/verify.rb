# Starts a verification by SMS through the gate: ruby verify.rb +12015550123
require 'twilio-ruby'

# Sends every request to the gate and leaves it the Host it was meant for, by
# which the gate tells Twilio's products apart.
class GateClient < Twilio::HTTP::Client
  def initialize(gate)
    super()
    @gate = gate
  end

  def request(host, port, method, url, params = {}, data = {}, headers = {}, *rest)
    uri = URI(url)
    super(host, port, method, url.sub("https://#{uri.host}", @gate), params, data, headers.merge('Host' => uri.host), *rest)
  end
end

client = Twilio::REST::Client.new(
  ENV.fetch('TWILIO_ACCOUNT_SID'), ENV.fetch('TWILIO_AUTH_TOKEN'), nil, nil, GateClient.new(ENV.fetch('TOLLGATE'))
)

begin
  verification = client.verify.v2.services(ENV.fetch('TWILIO_VERIFY_SERVICE'))
                       .verifications.create(to: ARGV[0], channel: 'sms')
  puts verification.sid
rescue Twilio::REST::RestError => e
  abort "#{e.code} #{e.error_message}"
end
