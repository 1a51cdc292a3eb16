// SPDX-License-Identifier: Apache-2.0

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Deadlines that expire, and then deadlines that are armed and cancelled. */
final class Timers {
    private static final int BATCHES = 10;

    /** What some receives take, and how many come before their deadline. */
    private record Exchange(long nanoseconds, long received) {}

    private Timers() {}

    static Outcome run(int count, int spread, int cancelled) throws InterruptedException {
        var lateness = new long[count];
        var first = new CompletableFuture<Long>();
        var sleepers = startSleepers(lateness, spread * 1_000_000L, first);
        long begin = System.nanoTime();
        // Time for all to fall asleep before the first deadline.
        first.complete(begin + 10_000_000 + 20_000L * count);
        for (var task : sleepers) task.join();
        var cancelling = armAndCancel(cancelled, count);
        long nanoseconds = System.nanoTime() - begin;
        long early = Arrays.stream(lateness).filter(late -> late < 0).count();
        var waits = Arrays.stream(lateness).map(late -> Math.max(0, late)).toArray();
        double armCancel = (double) cancelling.nanoseconds / cancelled;
        return new Outcome(nanoseconds, count - early + cancelling.received, waits, armCancel);
    }

    /** Starts tasks that wait for the first deadline, sleep until their own, and note how late they wake. */
    private static List<Thread> startSleepers(long[] lateness, long spread, CompletableFuture<Long> first)
            throws InterruptedException {
        var arrived = new AtomicLong();
        var sleepers = new ArrayList<Thread>();
        for (int index : shuffled(lateness.length)) {
            sleepers.add(Tasks.spawn(() -> {
                arrived.incrementAndGet();
                long deadline = first.get() + spread * index / lateness.length;
                TimeUnit.NANOSECONDS.sleep(deadline - System.nanoTime());
                lateness[index] = System.nanoTime() - deadline;
            }));
        }
        Workloads.awaitArrivals(arrived, lateness.length);
        return sleepers;
    }

    private static List<Integer> shuffled(int count) {
        var numbers = new ArrayList<Integer>();
        for (int number = 0; number < count; number++) numbers.add(number);
        Collections.shuffle(numbers);
        return numbers;
    }

    /** Receives with deadlines, less as many without, beside tasks that sleep. */
    private static Exchange armAndCancel(int messages, int count) throws InterruptedException {
        var sleepers = new ArrayList<Thread>();
        for (long duration : farOff(count)) sleepers.add(Tasks.start(() -> sleepUntilInterrupted(duration)));
        long received = 0;
        long difference = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            int size = (int) ((long) messages * (batch + 1) / BATCHES - (long) messages * batch / BATCHES);
            var with = exchange(size, farOff(256));
            received += with.received;
            difference += with.nanoseconds - exchange(size, null).nanoseconds;
        }
        for (var sleeper : sleepers) sleeper.interrupt();
        for (var sleeper : sleepers) sleeper.join();
        return new Exchange(difference, received);
    }

    /** Times of an hour or two. */
    private static long[] farOff(int count) {
        return new SplittableRandom().longs(count, TimeUnit.HOURS.toNanos(1), TimeUnit.HOURS.toNanos(2)).toArray();
    }

    private static void sleepUntilInterrupted(long nanoseconds) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanoseconds);
        } catch (InterruptedException expected) {
            // The end of the task.
        }
    }

    /** Receives messages, with one timeout after the other if there are any. */
    private static Exchange exchange(int size, long[] timeouts) throws InterruptedException {
        var channel = new SynchronousQueue<Long>(true);
        var sender = Tasks.spawn(() -> {
            for (long number = 0; number < size; number++) channel.put(number);
        });
        long received = 0;
        long begin = System.nanoTime();
        for (int number = 0; number < size; number++) {
            if (timeouts == null) {
                channel.take();
            } else {
                var message = channel.poll(timeouts[number % timeouts.length], TimeUnit.NANOSECONDS);
                if (message != null && message == number) received++;
            }
        }
        long nanoseconds = System.nanoTime() - begin;
        sender.join();
        return new Exchange(nanoseconds, received);
    }
}
