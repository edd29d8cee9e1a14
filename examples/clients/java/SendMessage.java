import com.twilio.exception.ApiException;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.HttpHost;

import java.net.URISyntaxException;

/** Sends one message through the gate. */
public class SendMessage {
    public static void main(String[] args) throws URISyntaxException {
        // Connects to the gate whatever the host, and leaves the request the
        // Host it was meant for, by which the gate tells Twilio's products apart.
        HttpHost gate = HttpHost.create(System.getenv("TOLLGATE"));
        boolean secure = gate.getSchemeName().equals("https");
        NetworkHttpClient toGate = new NetworkHttpClient(
                HttpClients.custom().setRoutePlanner((host, context) -> new HttpRoute(gate, null, secure)));

        TwilioRestClient client = new TwilioRestClient.Builder(
                System.getenv("TWILIO_ACCOUNT_SID"), System.getenv("TWILIO_AUTH_TOKEN"))
                .httpClient(toGate)
                .build();
        try {
            Message message = Message.creator(new PhoneNumber(args[0]), new PhoneNumber("+12015550199"), "Hello")
                    .create(client);
            System.out.println(message.getSid());
        } catch (ApiException error) {
            System.err.println(error.getCode() + " " + error.getMessage());
            System.exit(1);
        }
    }
}
