// SPDX-License-Identifier: Apache-2.0
//
// Sends the profiler's signal as often as possible.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CSampling.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// As declared in gperftools' profiler.h.
struct ProfilerState {
    int enabled;
    time_t start_time;
    char profile_name[1024];
    int samples_gathered;
};
typedef void state_function(struct ProfilerState *state);

static state_function *get_state;
static atomic_int target;
static atomic_bool is_over, is_ended;
static int wanted;
static uint64_t sent;
static pthread_t sender;

static int samples(void) {
    struct ProfilerState state = {0};
    get_state(&state);
    return state.samples_gathered;
}

static unsigned next_random(void) {
    static unsigned state = 2463534242u;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/// The sample may take long: another thread may have the processor.
static void wait_for_sample(int before) {
    enum { patience = 1000 };
    for (int i = 0; i < patience && samples() == before; i++) {
        if (i % 100 == 99) sched_yield();
    }
}

/// Mostly so briefly that the next signal meets the end of the last one, and often enough so long that the thread gets
/// on with its work: otherwise an idle machine samples one place again and again.
static void pause_at_random(void) {
    enum { brief = 1 << 13, lengthy = 1 << 17 };
    unsigned most = next_random() % 4 ? brief : lengthy;
    for (volatile unsigned left = next_random() % most; left > 0; left--) {}
}

static void *send_signals(void *unused) {
    (void)unused;
    int first = samples();
    for (int before = first; !atomic_load(&is_ended) && before - first < wanted; before = samples()) {
        int thread = atomic_load(&target);
        // Fails if the thread has ended.
        if (thread && syscall(SYS_tgkill, getpid(), thread, SIGPROF) == 0) sent++;
        wait_for_sample(before);
        pause_at_random();
    }
    atomic_store(&is_over, true);
    return NULL;
}

bool storm_begin(int samples) {
    get_state = (state_function *)dlsym(dlopen("libprofiler.so.0", RTLD_NOW), "ProfilerGetCurrentState");
    if (!get_state) return false;
    wanted = samples;
    sent = 0;
    atomic_store(&target, 0);
    atomic_store(&is_over, false);
    atomic_store(&is_ended, false);
    return pthread_create(&sender, NULL, send_signals, NULL) == 0;
}

void storm_on_this_thread(void) {
    static __thread int thread;
    if (!thread) thread = (int)syscall(SYS_gettid);
    atomic_store_explicit(&target, thread, memory_order_relaxed);
}

bool storm_is_over(void) { return atomic_load_explicit(&is_over, memory_order_relaxed); }

uint64_t storm_end(void) {
    atomic_store(&is_ended, true);
    pthread_join(sender, NULL);
    return sent;
}
