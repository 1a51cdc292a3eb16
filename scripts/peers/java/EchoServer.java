// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Sends back what comes. */
final class EchoServer {
    private EchoServer() {}

    static int start(int bytes) throws IOException {
        return Listener.start(socket -> sendBack(socket, bytes));
    }

    private static void sendBack(SocketChannel socket, int bytes) throws IOException {
        var buffer = ByteBuffer.allocateDirect(bytes);
        while (socket.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) socket.write(buffer);
            buffer.clear();
        }
    }
}
