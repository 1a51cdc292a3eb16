// SPDX-License-Identifier: Apache-2.0

import java.util.concurrent.atomic.AtomicLong;

/** Tasks that compute and do not give way. */
final class Hogs {
    private Hogs() {}

    static Outcome run(int hogs, int work) throws InterruptedException {
        var finished = new AtomicLong();
        var started = new Thread[hogs];
        long begin = System.nanoTime();
        for (int hog = 0; hog < hogs; hog++) {
            started[hog] = Tasks.spawn(() -> {
                if (computes(work * 1_000_000L)) finished.incrementAndGet();
            });
        }
        for (var task : started) task.join();
        return new Outcome(System.nanoTime() - begin, finished.get());
    }

    /** Computes for a time; returns whether it did what it computed. */
    private static boolean computes(long nanoseconds) {
        long begin = System.nanoTime();
        long state = 1;
        long steps = 0;
        long rounds = 0;
        do {
            for (int step = 0; step < 1_000; step++) {
                state = SplitMix64.next(state);
                // Always adds 1, which the compiler cannot prove.
                steps += 1 | state >>> 63;
            }
            rounds++;
        } while (System.nanoTime() - begin < nanoseconds);
        return steps == rounds * 1_000;
    }
}
