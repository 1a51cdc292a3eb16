// SPDX-License-Identifier: Apache-2.0

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Requests from one server, over connections that are kept for the next request. */
final class HttpClient {
    private final InetSocketAddress server;
    private final ConcurrentLinkedDeque<HttpStream> idle = new ConcurrentLinkedDeque<>();

    HttpClient(int port) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    String get(String path) throws IOException {
        var kept = idle.pollFirst();
        var connection = kept == null ? connect() : kept;
        var request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        connection.write(request.getBytes(StandardCharsets.ISO_8859_1));
        var head = connection.readHead();
        if (head == null) throw new EOFException();
        var body = connection.readBody(head);
        idle.addFirst(connection);
        return body;
    }

    private HttpStream connect() throws IOException {
        var socket = SocketChannel.open(server);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new HttpStream(socket);
    }
}
