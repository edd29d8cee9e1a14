# Sends one message through the gate: ruby message.rb +12015550123
require 'twilio-ruby'

client = Twilio::REST::Client.new(ENV.fetch('TWILIO_ACCOUNT_SID'), ENV.fetch('TWILIO_AUTH_TOKEN'))

# One product. The library has no setter for it. Without TOLLGATE, requests go
# where Twilio's hosts resolve to.
client.api.instance_variable_set(:@base_url, ENV['TOLLGATE']) if ENV['TOLLGATE']

begin
  message = client.messages.create(to: ARGV[0], from: '+12015550199', body: 'Hello')
  puts message.sid
rescue Twilio::REST::RestError => e
  abort "#{e.code} #{e.error_message}"
end
