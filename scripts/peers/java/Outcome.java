// SPDX-License-Identifier: Apache-2.0

import java.util.Arrays;
import java.util.stream.LongStream;

/** What was measured, nanoseconds or bytes, and the answer; of timers, also the waits, and what a deadline costs. */
record Outcome(long measured, long answer, long[] lateness, double armCancel) {
    Outcome(long measured, long answer) {
        this(measured, answer, null, 0);
    }

    /** Those of several runs, whose answers must be equal. */
    static Outcome together(Outcome[] runs) {
        if (Arrays.stream(runs).mapToLong(Outcome::answer).distinct().count() != 1) {
            throw new IllegalStateException("the answers differ");
        }
        long measured = Arrays.stream(runs).mapToLong(Outcome::measured).sum();
        if (runs[0].lateness == null) return new Outcome(measured, runs[0].answer);
        var lateness = Arrays.stream(runs).flatMapToLong(run -> LongStream.of(run.lateness)).toArray();
        double armCancel = Arrays.stream(runs).mapToDouble(Outcome::armCancel).average().orElse(0);
        return new Outcome(measured, runs[0].answer, lateness, armCancel);
    }

    /** Its line of JSON. */
    String line(String unit) {
        var line = "{\"" + unit + "\": " + measured + ", \"answer\": " + answer;
        if (lateness == null) return line + "}";
        return line + ", \"lateness\": " + Arrays.toString(lateness) + ", \"arm-cancel\": " + armCancel + "}";
    }
}
