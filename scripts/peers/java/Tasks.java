// SPDX-License-Identifier: Apache-2.0

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Tasks are virtual threads. */
final class Tasks {
    interface Body {
        void run() throws Exception;
    }

    /** Thread.startVirtualThread, which Java 17 does not have, and so neither its compiler. */
    private static final MethodHandle START = findStart();

    private Tasks() {}

    private static MethodHandle findStart() {
        try {
            return MethodHandles.lookup().findStatic(
                Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }

    static Thread start(Runnable body) {
        try {
            return (Thread) START.invokeExact(body);
        } catch (Throwable error) {
            throw new IllegalStateException(error);
        }
    }

    /** Starts a task that must not fail. */
    static Thread spawn(Body body) {
        return start(() -> {
            try {
                body.run();
            } catch (Exception error) {
                throw new IllegalStateException(error);
            }
        });
    }
}
