// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CProfiler.h"

#include <CSwitch.h>
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "trampoline.h"

/// As gperftools' profiler.h declares it.
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
/// The process's processor time at the last sample.
static uint64_t last_time;
/// Where a signal handler returns to: the frame between the handler's and those of what it has interrupted.
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

static uint32_t label_here(void) {
    if (sw_scheduler() != profiled_scheduler) return profiler_no_scheduler;
    const char *tasklet = sw_current();
    if (!tasklet) return profiler_no_tasklet;
    uint32_t label;
    memcpy(&label, tasklet + label_offset, sizeof label);
    return label;
}

static uint64_t processor_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

enum { header_words = 2 };

/// Leaves out the frames of the signal handler: those up to the trampoline's.
int profiler_interrupted_frames(void **frames) {
    void *all[profiler_most_frames];
    int count = stack_trace(all, profiler_most_frames, 0, NULL);
    for (int i = 0; i < count; i++) {
        if (all[i] != trampoline) continue;
        memcpy(frames, all + i + 1, (size_t)(count - i - 1) * sizeof *frames);
        return count - i - 1;
    }
    return 0;
}

/// In the signal handler. The profiler lets one thread at a time come here.
static int note(void *argument) {
    profiler_notes *notes = argument;
    if (notes->capacity - notes->count < header_words + profiler_most_frames) {
        notes->lost++;
        return 1;
    }
    uint64_t *record = notes->words + notes->count;
    int depth = profiler_interrupted_frames((void **)(record + header_words));
    record[0] = (uint64_t)depth << 32 | label_here();
    uint64_t time = processor_time();
    record[1] = time - last_time;
    last_time = time;
    notes->count += header_words + (size_t)depth;
    return 1;
}

bool profiler_start(const char *path, profiler_notes *notes, const void *scheduler, size_t offset) {
    profiled_scheduler = scheduler;
    label_offset = offset;
    last_time = processor_time();
    struct ProfilerOptions options = {.filter_in_thread = note, .filter_in_thread_arg = notes};
    return start_with_options(path, &options) != 0;
}

void profiler_stop(void) { stop(); }
