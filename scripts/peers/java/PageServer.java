// SPDX-License-Identifier: Apache-2.0

import java.io.FileNotFoundException;
import java.io.IOException;

/** Serves one page. */
final class PageServer {
    private static final byte[] PAGE = HttpServer.page("Hello, world!\n");

    private PageServer() {}

    static int start() throws IOException {
        return HttpServer.start(path -> {
            if (!path.equals("/")) throw new FileNotFoundException(path);
            return PAGE;
        });
    }
}
