// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A server of HTTP/1.1 with persistent connections, each a task in straight-line code. */
final class HttpServer {
    interface Handler {
        /** The whole reply to GET of a path. */
        byte[] reply(String path) throws Exception;
    }

    private HttpServer() {}

    static int start(Handler handler) throws IOException {
        return Listener.start(socket -> {
            var stream = new HttpStream(socket);
            for (var head = stream.readHead(); head != null; head = stream.readHead()) {
                stream.write(handler.reply(path(head)));
            }
        });
    }

    private static String path(String head) throws IOException {
        if (!head.startsWith("GET /")) throw new IOException("only GET is served");
        return head.substring(4, head.indexOf(' ', 4));
    }

    /** A reply with a text. */
    static byte[] page(String text) {
        var reply = "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
        return reply.getBytes(StandardCharsets.ISO_8859_1);
    }
}
