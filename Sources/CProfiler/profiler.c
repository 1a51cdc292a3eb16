// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CProfiler.h"

#include <CSwitch.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "trampoline.h"

/// As declared in gperftools' profiler.h.
struct ProfilerOptions {
    int (*filter_in_thread)(void *argument);
    void *filter_in_thread_arg;
};

typedef int start_function(const char *path, const struct ProfilerOptions *options);
typedef void stop_function(void);
typedef int trace_function(void **result, int most, int skipped, const void *context);

static start_function *start_with_options;
static stop_function *stop;
static trace_function *stack_trace;

static const void *profiled_scheduler;
static size_t label_offset;

/// Guards the state below against the handler and against pausing. Code that pauses blocks the signal first, so that no
/// handler waits for the thread that it has interrupted.
static atomic_flag lock = ATOMIC_FLAG_INIT;
static bool is_paused;
/// The process's processor time at the last sample, and the part of it spent in pauses.
static uint64_t last_time, last_paused;
/// The processor time spent in finished pauses, and that at the start of the current pause.
static uint64_t paused_time, pause_start;
/// The return address of signal handlers: the frame between the handler and the interrupted code.
static const void *trampoline;

static const char *load(void) {
    if (stack_trace) return NULL;
    void *library = dlopen("libprofiler.so.0", RTLD_NOW);
    if (!library) return dlerror();
    start_with_options = (start_function *)dlsym(library, "ProfilerStartWithOptions");
    stop = (stop_function *)dlsym(library, "ProfilerStop");
    trace_function *trace = (trace_function *)dlsym(library, "ProfilerGetStackTrace");
    if (!start_with_options || !stop || !trace) return "libprofiler.so.0 lacks a function of gperftools 2";
    trampoline = find_trampoline();
    stack_trace = trace;
    return NULL;
}

const char *profiler_load(void) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    const char *reason = load();
    pthread_mutex_unlock(&lock);
    return reason;
}

/// The profiled scheduler's tasklet that one of the runtime's own threads runs.
static const char *tasklet_on_runtime_thread(void) {
    const sw_note *note = sw_scheduler() ? NULL : sw_note_here();
    return note && note->scheduler == profiled_scheduler ? note->tasklet : NULL;
}

static uint32_t label_here(void) {
    const char *tasklet = tasklet_on_runtime_thread();
    if (!tasklet) {
        if (sw_scheduler() != profiled_scheduler) return profiler_no_scheduler;
        tasklet = sw_current();
    }
    if (!tasklet) return profiler_no_tasklet;
    uint32_t label;
    memcpy(&label, tasklet + label_offset, sizeof label);
    return label;
}

/// While a timer counts the process's processor time, the kernel updates this clock only at its ticks, which is also
/// when samples are taken.
static uint64_t processor_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/// Accurate at any moment, and expensive with many threads.
static uint64_t exact_processor_time(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    uint64_t seconds = (uint64_t)usage.ru_utime.tv_sec + (uint64_t)usage.ru_stime.tv_sec;
    return seconds * 1000000000 + ((uint64_t)usage.ru_utime.tv_usec + (uint64_t)usage.ru_stime.tv_usec) * 1000;
}

/// The frames of the signal handler come first, and are dropped.
enum { handler_frames = 16, header_words = 2 };

/// Drops the signal handler's frames: those up to the trampoline.
int profiler_interrupted_frames(void **frames) {
    void *all[handler_frames + profiler_most_frames];
    int count = stack_trace(all, handler_frames + profiler_most_frames, 0, NULL);
    for (int i = 0; i < count; i++) {
        if (all[i] != trampoline) continue;
        int depth = count - i - 1 < profiler_most_frames ? count - i - 1 : profiler_most_frames;
        memcpy(frames, all + i + 1, (size_t)depth * sizeof *frames);
        return depth;
    }
    return 0;
}

static void take_lock(void) {
    while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) {}
}

static void give_lock(void) { atomic_flag_clear_explicit(&lock, memory_order_release); }

/// The two clocks differ by less than a tick. Where the difference would be negative, the next sample makes up for it.
static uint64_t time_since_last(void) {
    uint64_t time = processor_time();
    uint64_t used = time - last_time, paused = paused_time - last_paused;
    if (used < paused) return 0;
    last_time = time;
    last_paused = paused_time;
    return used - paused;
}

static void add_note(profiler_notes *notes) {
    if (notes->capacity - notes->count < header_words + profiler_most_frames) {
        notes->lost++;
        return;
    }
    uint64_t *record = notes->words + notes->count;
    int depth = profiler_interrupted_frames((void **)(record + header_words));
    record[0] = (uint64_t)depth << 32 | label_here();
    record[1] = time_since_last();
    notes->count += header_words + (size_t)depth;
}

/// Called in the signal handler, by one thread at a time: the profiler sees to that.
static int note(void *argument) {
    take_lock();
    bool is_taken = !is_paused;
    if (is_taken) add_note(argument);
    give_lock();
    return is_taken;
}

bool profiler_start(const char *path, profiler_notes *notes, const void *scheduler, size_t offset) {
    profiled_scheduler = scheduler;
    label_offset = offset;
    is_paused = true;
    paused_time = last_paused = 0;
    last_time = processor_time();
    pause_start = exact_processor_time();
    struct ProfilerOptions options = {.filter_in_thread = note, .filter_in_thread_arg = notes};
    return start_with_options(path, &options) != 0;
}

static void set_paused(bool paused) {
    sigset_t tick, before;
    sigemptyset(&tick);
    sigaddset(&tick, SIGPROF);
    pthread_sigmask(SIG_BLOCK, &tick, &before);
    take_lock();
    if (paused && !is_paused) pause_start = exact_processor_time();
    if (!paused && is_paused) paused_time += exact_processor_time() - pause_start;
    is_paused = paused;
    give_lock();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void profiler_resume(void) { set_paused(false); }

void profiler_pause(void) { set_paused(true); }

uint64_t profiler_stop(void) {
    // Paused, the handler adds no more notes.
    set_paused(true);
    uint64_t used = processor_time() - last_time;
    uint64_t paused = paused_time - last_paused + exact_processor_time() - pause_start;
    stop();
    return used > paused ? used - paused : 0;
}
