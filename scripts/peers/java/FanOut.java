// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A front end that asks several back ends. */
final class FanOut {
    private FanOut() {}

    static int start(int width, int delay) throws IOException {
        var backs = new ArrayList<HttpClient>();
        for (int number = 0; number < width; number++) backs.add(new HttpClient(startBack(number, delay)));
        return HttpServer.start(path -> HttpServer.page(Long.toUnsignedString(sum(path, backs))));
    }

    /** Starts a server that sleeps, and replies with a number. */
    private static int startBack(int number, int delay) throws IOException {
        return HttpServer.start(path -> {
            long request = Long.parseLong(path.substring(1));
            TimeUnit.NANOSECONDS.sleep(nanosecondsOfDelay(request, number, delay));
            return HttpServer.page(Long.toUnsignedString(reply(request, number)));
        });
    }

    /** The sum of the replies of all back ends, each of which a task of its own asks. */
    private static long sum(String path, List<HttpClient> backs) throws Exception {
        var replies = new ArrayList<FutureTask<String>>();
        for (var back : backs) {
            var reply = new FutureTask<>(() -> back.get(path));
            replies.add(reply);
            Tasks.start(reply);
        }
        long sum = 0;
        for (var reply : replies) sum += Long.parseUnsignedLong(reply.get());
        return sum;
    }

    private static long reply(long request, long back) {
        return SplitMix64.next(request << 16 | back) >>> 8;
    }

    private static long nanosecondsOfDelay(long request, long back, int mean) {
        double share = (SplitMix64.next(request << 16 | back | 1L << 62) >>> 11) / 0x1p53;
        return (long) (mean * 1_000.0 * Math.min(8, -Math.log(1 - share)));
    }
}
