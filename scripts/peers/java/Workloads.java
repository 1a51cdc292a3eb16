// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicLong;

/** The workloads of tasks and channels: a channel is a fair SynchronousQueue, a rendezvous. */
final class Workloads {
    private Workloads() {}

    static Outcome pingPong(int messages) throws InterruptedException {
        var there = new SynchronousQueue<Long>(true);
        var back = new SynchronousQueue<Long>(true);
        var arrived = new AtomicLong();
        var peer = Tasks.spawn(() -> {
            arrived.incrementAndGet();
            for (int message = 0; message < messages; message++) back.put(there.take() + 1);
        });
        awaitArrivals(arrived, 1);
        long begin = System.nanoTime();
        long counter = 0;
        for (int message = 0; message < messages; message++) {
            there.put(counter);
            counter = back.take();
        }
        long nanoseconds = System.nanoTime() - begin;
        peer.join();
        return new Outcome(nanoseconds, counter);
    }

    /** Waits until tasks have arrived; one that has goes on until it waits. */
    static void awaitArrivals(AtomicLong arrived, int count) {
        while (arrived.get() < count) Thread.yield();
    }

    static Outcome yieldAll(int tasklets, int yields) throws InterruptedException {
        var gate = new CountDownLatch(1);
        var arrived = new AtomicLong();
        var yielded = new AtomicLong();
        var started = new Thread[tasklets];
        for (int tasklet = 0; tasklet < tasklets; tasklet++) {
            started[tasklet] = Tasks.spawn(() -> {
                arrived.incrementAndGet();
                gate.await();
                yielded.addAndGet(yieldRepeatedly(yields));
            });
        }
        awaitArrivals(arrived, tasklets);
        long begin = System.nanoTime();
        gate.countDown();
        for (var task : started) task.join();
        return new Outcome(System.nanoTime() - begin, yielded.get());
    }

    private static long yieldRepeatedly(int yields) {
        long count = 0;
        while (count < yields) {
            Thread.yield();
            count++;
        }
        return count;
    }

    static Outcome ring(int nodes, int hops) throws InterruptedException {
        var circle = new Circle(nodes);
        var started = new Thread[nodes];
        for (int number = 0; number < nodes; number++) {
            int node = number;
            started[number] = Tasks.spawn(() -> circle.pass(node));
        }
        awaitArrivals(circle.arrived, nodes);
        long begin = System.nanoTime();
        circle.links.get(0).put((long) hops);
        long lastHolder = circle.finish.take();
        long nanoseconds = System.nanoTime() - begin;
        for (var link : circle.links) link.put(-1L);
        for (var task : started) task.join();
        return new Outcome(nanoseconds, circle.hops.get() * nodes + lastHolder);
    }

    /** Node n receives on link n, and sends on link n + 1. */
    private static final class Circle {
        final List<SynchronousQueue<Long>> links = new ArrayList<>();
        final SynchronousQueue<Long> finish = new SynchronousQueue<>(true);
        final AtomicLong arrived = new AtomicLong();
        final AtomicLong hops = new AtomicLong();

        Circle(int nodes) {
            for (int node = 0; node < nodes; node++) links.add(new SynchronousQueue<>(true));
        }

        void pass(int node) throws InterruptedException {
            var incoming = links.get(node);
            var outgoing = links.get((node + 1) % links.size());
            arrived.incrementAndGet();
            long made = 0;
            for (long remaining = incoming.take(); remaining >= 0; remaining = incoming.take()) {
                if (remaining == 0) {
                    finish.put((long) node);
                } else {
                    made++;
                    outgoing.put(remaining - 1);
                }
            }
            hops.addAndGet(made);
        }
    }

    static Outcome spawnJoin(int count) throws InterruptedException {
        var sum = new long[1];
        long begin = System.nanoTime();
        for (int index = 0; index < count; index++) {
            int number = index;
            Tasks.start(() -> sum[0] += number).join();
        }
        return new Outcome(System.nanoTime() - begin, sum[0]);
    }

    static Outcome skynet(int leaves, int fanOut) throws InterruptedException {
        var total = new AtomicLong();
        long begin = System.nanoTime();
        spawnSubtree(0, leaves, fanOut, total).join();
        return new Outcome(System.nanoTime() - begin, total.get());
    }

    private static Thread spawnSubtree(long first, int leaves, int fanOut, AtomicLong total) {
        if (leaves > 1) return Tasks.spawn(() -> total.addAndGet(sumOfChildren(first, leaves, fanOut)));
        return Tasks.start(() -> total.addAndGet(first));
    }

    private static long sumOfChildren(long first, int leaves, int fanOut) throws InterruptedException {
        var total = new AtomicLong();
        var children = new Thread[Math.min(fanOut, leaves)];
        long next = first;
        for (int child = 0; child < children.length; child++) {
            // The first children take the remainder.
            int share = leaves / children.length + (child < leaves % children.length ? 1 : 0);
            children[child] = spawnSubtree(next, share, fanOut, total);
            next += share;
        }
        for (var child : children) child.join();
        return total.get();
    }

    static Outcome parked(int count) throws Exception {
        var gate = new SynchronousQueue<Long>(true);
        var arrived = new AtomicLong();
        var received = new AtomicLong();
        var finished = new AtomicLong();
        Tasks.Body body = () -> {
            arrived.incrementAndGet();
            received.addAndGet(gate.take());
            finished.incrementAndGet();
        };
        System.gc();
        long before = resident();
        for (int task = 0; task < count; task++) Tasks.spawn(body);
        awaitArrivals(arrived, count);
        long bytes = resident() - before;
        for (long number = 0; number < count; number++) gate.put(number);
        awaitArrivals(finished, count);
        return new Outcome(bytes, received.get());
    }

    /** The resident memory in bytes; Java does not tell the size of a page, which is 4 KiB on x86-64. */
    private static long resident() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
    }
}
