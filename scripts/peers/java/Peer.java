// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.FutureTask;

/** The protocol, on the main thread, which is no task. */
final class Peer {
    interface Workload {
        Outcome run(Map<String, Integer> parameters) throws Exception;
    }

    interface Server {
        /** Starts it; returns the port. */
        int listen(Map<String, Integer> parameters) throws Exception;
    }

    private static final Map<String, Workload> WORKLOADS = new LinkedHashMap<>();
    private static final Map<String, Server> SERVERS = new LinkedHashMap<>();

    static {
        WORKLOADS.put("ping-pong", p -> Workloads.pingPong(p.get("messages")));
        WORKLOADS.put("yield", p -> Workloads.yieldAll(p.get("tasklets"), p.get("yields")));
        WORKLOADS.put("ring", p -> Workloads.ring(p.get("nodes"), p.get("hops")));
        WORKLOADS.put("spawn-join", p -> Workloads.spawnJoin(p.get("count")));
        WORKLOADS.put("skynet", p -> Workloads.skynet(p.get("leaves"), p.get("fan-out")));
        WORKLOADS.put("parked", p -> Workloads.parked(p.get("count")));
        WORKLOADS.put("timers", p -> Timers.run(p.get("count"), p.get("spread"), p.get("cancelled")));
        WORKLOADS.put("hog", p -> Hogs.run(p.get("hogs"), p.get("work")));
        SERVERS.put("hog", p -> EchoServer.start(64));
        SERVERS.put("echo", p -> EchoServer.start(p.get("bytes")));
        SERVERS.put("http-server", p -> PageServer.start());
        SERVERS.put("fan-out-http", p -> FanOut.start(p.get("fan-out"), p.get("delay")));
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("announce")) {
            var names = new LinkedHashSet<>(WORKLOADS.keySet());
            names.addAll(SERVERS.keySet());
            System.out.printf("{\"protocol\": 1, \"name\": \"java\", \"version\": \"Java %s\", ", Runtime.version());
            System.out.printf("\"workloads\": [\"%s\"], \"parallel\": true}%n", String.join("\", \"", names));
            return;
        }
        var parameters = new HashMap<String, Integer>();
        for (int index = 1; index < arguments.length; index++) {
            var setting = arguments[index].split("=");
            parameters.put(setting[0], Integer.valueOf(setting[1]));
        }
        answerLines(arguments[0], parameters);
    }

    private static void answerLines(String workload, Map<String, Integer> parameters) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            try {
                System.out.println(answer(line, workload, parameters));
            } catch (Exception error) {
                System.out.printf("{\"error\": \"%s\"}%n", error.toString().replaceAll("[\"\\\\\n]", " "));
            }
            System.out.flush();
        }
    }

    private static String answer(String line, String workload, Map<String, Integer> parameters) throws Exception {
        if (line.equals("listen")) {
            return "{\"port\": " + SERVERS.get(workload).listen(parameters) + "}";
        }
        if (!line.startsWith("run ")) throw new IllegalArgumentException("no such command");
        int times = Integer.parseInt(line.substring(4));
        var unit = workload.equals("parked") ? "bytes" : "nanoseconds";
        return repeat(times, WORKLOADS.get(workload), parameters).line(unit);
    }

    /** Performs a workload a number of times, each in a task; what was measured adds up. */
    private static Outcome repeat(int times, Workload workload, Map<String, Integer> parameters) throws Exception {
        var outcomes = new Outcome[times];
        for (int time = 0; time < times; time++) {
            var run = new FutureTask<>(() -> workload.run(parameters));
            Tasks.start(run);
            outcomes[time] = run.get();
        }
        return Outcome.together(outcomes);
    }
}
