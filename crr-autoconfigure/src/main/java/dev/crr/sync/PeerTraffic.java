package dev.crr.sync;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/** Counts the bytes of requests to a peer and of its answers, still compressed. Thread-safe. */
final class PeerTraffic implements ClientHttpRequestInterceptor {

    private final String peer;
    private final ExchangeObserver observer;

    PeerTraffic(String peer, ExchangeObserver observer) {
        this.peer = peer;
        this.observer = observer;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        ClientHttpResponse response = execution.execute(request, body);
        observer.bytes(peer, Direction.OUT, body.length);
        return new CountedResponse(response);
    }

    private final class CountedResponse implements ClientHttpResponse {

        private final ClientHttpResponse response;
        private @Nullable InputStream body;

        CountedResponse(ClientHttpResponse response) {
            this.response = response;
        }

        @Override
        public InputStream getBody() throws IOException {
            InputStream counted = body;
            if (counted == null) {
                counted = new CountedBody(response.getBody());
                body = counted;
            }
            return counted;
        }

        @Override
        public HttpStatusCode getStatusCode() throws IOException {
            return response.getStatusCode();
        }

        @Override
        public String getStatusText() throws IOException {
            return response.getStatusText();
        }

        @Override
        public HttpHeaders getHeaders() {
            return response.getHeaders();
        }

        @Override
        public void close() {
            response.close();
        }
    }

    private final class CountedBody extends FilterInputStream {

        CountedBody(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(read);
            return read;
        }

        private void count(int bytes) {
            if (bytes > 0) {
                observer.bytes(peer, Direction.IN, bytes);
            }
        }
    }
}
