// SPDX-License-Identifier: Apache-2.0

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Messages of HTTP/1.1 on a connection: heads, and bodies with a Content-Length. */
final class HttpStream {
    private static final int MOST = 8_192;
    private static final String LENGTH = "Content-Length:";

    private final SocketChannel socket;
    private final ByteBuffer input = ByteBuffer.allocateDirect(MOST).limit(0);
    private final ByteBuffer output = ByteBuffer.allocateDirect(MOST);

    HttpStream(SocketChannel socket) {
        this.socket = socket;
    }

    /** Reads a head, without the empty line after it; null if the connection ends before. */
    String readHead() throws IOException {
        int scanned = 0;
        while (true) {
            int length = lengthOfHead(scanned);
            if (length >= 0) {
                var head = read(length);
                input.position(input.position() + 4);
                return head;
            }
            scanned = Math.max(0, input.remaining() - 3);
            if (!receive()) return null;
        }
    }

    /** Reads the body that belongs to a head. */
    String readBody(String head) throws IOException {
        int length = contentLength(head);
        while (input.remaining() < length) {
            if (!receive()) throw new EOFException();
        }
        return read(length);
    }

    /** Sends a message. */
    void write(byte[] message) throws IOException {
        output.clear();
        output.put(message).flip();
        while (output.hasRemaining()) socket.write(output);
    }

    private int lengthOfHead(int scanned) {
        int begin = input.position();
        for (int at = begin + scanned; at + 4 <= input.limit(); at++) {
            if (input.getInt(at) == 0x0d0a0d0a) return at - begin;
        }
        return -1;
    }

    private static int contentLength(String head) {
        for (int line = head.indexOf('\n') + 1; line > 0; line = head.indexOf('\n', line) + 1) {
            if (head.regionMatches(true, line, LENGTH, 0, LENGTH.length())) {
                int end = head.indexOf('\r', line);
                var value = head.substring(line + LENGTH.length(), end < 0 ? head.length() : end);
                return Integer.parseInt(value.trim());
            }
        }
        return 0;
    }

    private String read(int length) {
        var bytes = new byte[length];
        input.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private boolean receive() throws IOException {
        input.compact();
        if (!input.hasRemaining()) throw new IOException("the message is too long");
        int count = socket.read(input);
        input.flip();
        return count >= 0;
    }
}
