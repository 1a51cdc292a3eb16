// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A task that accepts connections, and starts one for each. */
final class Listener {
    interface Connection {
        /** Serves until the client closes. */
        void serve(SocketChannel socket) throws Exception;
    }

    private static final int BACKLOG = 1_024;

    private Listener() {}

    /** Starts to listen on a port of 127.0.0.1, which it returns. */
    static int start(Connection connection) throws IOException {
        var listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        Tasks.spawn(() -> {
            while (true) {
                var socket = listener.accept();
                Tasks.start(() -> serve(connection, socket));
            }
        });
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    private static void serve(Connection connection, SocketChannel socket) {
        try (socket) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            connection.serve(socket);
        } catch (Exception gone) {
            // The client says what it misses.
        }
    }
}
