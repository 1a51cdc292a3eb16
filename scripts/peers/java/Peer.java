// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicLong;

/** The workloads in Java: a task is a virtual thread, a channel is a fair SynchronousQueue, a rendezvous. */
final class Peer {
    /** What was measured, nanoseconds or bytes, and the answer. */
    record Outcome(long measured, long answer) {}

    interface Workload {
        Outcome run(Map<String, Integer> parameters) throws Exception;
    }

    interface Body {
        void run() throws InterruptedException;
    }

    private static final Map<String, Workload> WORKLOADS = new LinkedHashMap<>();

    static {
        WORKLOADS.put("ping-pong", p -> pingPong(p.get("messages")));
        WORKLOADS.put("yield", p -> yieldAll(p.get("tasklets"), p.get("yields")));
        WORKLOADS.put("ring", p -> ring(p.get("nodes"), p.get("hops")));
        WORKLOADS.put("spawn-join", p -> spawnJoin(p.get("count")));
        WORKLOADS.put("skynet", p -> skynet(p.get("leaves"), p.get("fan-out")));
        WORKLOADS.put("parked", p -> parked(p.get("count")));
    }

    /** Thread.startVirtualThread, which Java 17 does not have, and so neither its compiler. */
    private static final MethodHandle START = findStart();

    private static MethodHandle findStart() {
        try {
            return MethodHandles.lookup().findStatic(
                Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    private static Thread start(Runnable body) {
        try {
            return (Thread) START.invokeExact(body);
        } catch (Throwable error) {
            throw new IllegalStateException(error);
        }
    }

    private static Thread spawn(Body body) {
        return start(() -> {
            try {
                body.run();
            } catch (InterruptedException error) {
                throw new IllegalStateException(error);
            }
        });
    }

    private static Outcome pingPong(int messages) throws InterruptedException {
        var there = new SynchronousQueue<Long>(true);
        var back = new SynchronousQueue<Long>(true);
        var arrived = new AtomicLong();
        var peer = spawn(() -> {
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

    /** Waits until tasks have arrived. One that arrives goes on until it waits, as all share one core. */
    private static void awaitArrivals(AtomicLong arrived, int count) {
        while (arrived.get() < count) Thread.yield();
    }

    private static Outcome yieldAll(int tasklets, int yields) throws InterruptedException {
        var gate = new CountDownLatch(1);
        var arrived = new AtomicLong();
        var yielded = new AtomicLong();
        var started = new Thread[tasklets];
        for (int tasklet = 0; tasklet < tasklets; tasklet++) {
            started[tasklet] = spawn(() -> {
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

    private static Outcome ring(int nodes, int hops) throws InterruptedException {
        var circle = new Circle(nodes);
        var started = new Thread[nodes];
        for (int number = 0; number < nodes; number++) {
            int node = number;
            started[number] = spawn(() -> circle.pass(node));
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

    private static Outcome spawnJoin(int count) throws InterruptedException {
        var sum = new long[1];
        long begin = System.nanoTime();
        for (int index = 0; index < count; index++) {
            int number = index;
            start(() -> sum[0] += number).join();
        }
        return new Outcome(System.nanoTime() - begin, sum[0]);
    }

    private static Outcome skynet(int leaves, int fanOut) throws InterruptedException {
        var total = new AtomicLong();
        long begin = System.nanoTime();
        spawnSubtree(0, leaves, fanOut, total).join();
        return new Outcome(System.nanoTime() - begin, total.get());
    }

    private static Thread spawnSubtree(long first, int leaves, int fanOut, AtomicLong total) {
        if (leaves > 1) return spawn(() -> total.addAndGet(sumOfChildren(first, leaves, fanOut)));
        return start(() -> total.addAndGet(first));
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

    private static Outcome parked(int count) throws Exception {
        var gate = new SynchronousQueue<Long>(true);
        var arrived = new AtomicLong();
        var received = new AtomicLong();
        var finished = new AtomicLong();
        Body body = () -> {
            arrived.incrementAndGet();
            received.addAndGet(gate.take());
            finished.incrementAndGet();
        };
        System.gc();
        long before = resident();
        for (int task = 0; task < count; task++) spawn(body);
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

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("announce")) {
            var names = String.join("\", \"", WORKLOADS.keySet());
            System.out.printf("{\"protocol\": 1, \"name\": \"java\", \"version\": \"Java %s\", ", Runtime.version());
            System.out.printf("\"workloads\": [\"%s\"]}%n", names);
            return;
        }
        var parameters = new HashMap<String, Integer>();
        for (int index = 1; index < arguments.length; index++) {
            var setting = arguments[index].split("=");
            parameters.put(setting[0], Integer.valueOf(setting[1]));
        }
        serve(arguments[0], parameters);
    }

    /** Answers each line of standard input. */
    private static void serve(String workload, Map<String, Integer> parameters) throws IOException {
        var unit = workload.equals("parked") ? "bytes" : "nanoseconds";
        var input = new BufferedReader(new InputStreamReader(System.in));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            try {
                if (!line.startsWith("run ")) throw new IllegalArgumentException("no such command");
                int times = Integer.parseInt(line.substring(4));
                var outcome = repeat(times, WORKLOADS.get(workload), parameters);
                System.out.printf("{\"%s\": %d, \"answer\": %d}%n", unit, outcome.measured, outcome.answer);
            } catch (Exception error) {
                System.out.printf("{\"error\": \"%s\"}%n", error.toString().replaceAll("[\"\\\\\n]", " "));
            }
            System.out.flush();
        }
    }

    /** Performs a workload a number of times, each in a task; what was measured adds up. */
    private static Outcome repeat(int times, Workload workload, Map<String, Integer> parameters) throws Exception {
        long measured = 0;
        Outcome last = null;
        for (int time = 0; time < times; time++) {
            var run = new FutureTask<>(() -> workload.run(parameters));
            start(run);
            var outcome = run.get();
            if (last != null && last.answer != outcome.answer) throw new IllegalStateException("the answers differ");
            last = outcome;
            measured += outcome.measured;
        }
        return new Outcome(measured, last.answer);
    }
}
