// SPDX-License-Identifier: Apache-2.0
//
// The CPU profiler of gperftools, loaded at run time, and a note for each of its samples: which tasklet ran.
//
// The profiler calls `filter_in_thread` in its signal handler, on the interrupted thread, before it takes the sample.
// That call makes the note: the thread's current tasklet is accurate there, because a switch writes it right before
// control passes over, and no earlier (see CSwitch). The tasklet owns the memory that the handler reads. The handler
// allocates nothing, and its only lock is never held by a thread that the signal can interrupt.

#ifndef SWITCHYARD_CPROFILER_H
#define SWITCHYARD_CPROFILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Loads libprofiler, once. Returns null, or the loader's reason for the failure.
const char *_Nullable profiler_load(void);

/// Labels of samples that belong to no tasklet.
enum : uint32_t {
    /// The thread runs the scheduler's loop, between tasklets.
    profiler_no_tasklet = 0,
    /// The thread runs no scheduler, or not the profiled one.
    profiler_no_scheduler = UINT32_MAX,
};

/// The buffer for notes. A note is a word with label (low half) and depth (high half); the nanoseconds of processor
/// time that the process used since the previous sample, pauses excluded; and as many addresses as the depth says, the
/// innermost first. Depth 0 means that the stack could not be walked.
typedef struct profiler_notes {
    uint64_t *words;
    size_t capacity;
    size_t count;
    /// The number of samples dropped for lack of room.
    uint64_t lost;
} profiler_notes;

/// Starts to profile this process, paused, into a file in gperftools' format and into `notes`, which must stay in place
/// until ``profiler_stop``.
///
/// `scheduler`: the profiled scheduler, as `sw_scheduler` returns it. `label_offset`: the offset of the label, a
/// `uint32_t`, in the tasklet that `sw_current` points to.
/// Returns false if the file cannot be written, or if a profile is already being taken.
bool profiler_start(const char *path, profiler_notes *notes, const void *_Nullable scheduler, size_t label_offset);

/// The maximum number of frames kept of a stack, which is the profiler's own.
enum { profiler_most_frames = 254 };

/// Writes the frames of the interrupted code, the innermost first, and returns their number; 0 if the stack cannot be
/// walked. Must be called in a signal handler, for any signal, once the profiler is loaded.
int profiler_interrupted_frames(void *_Nullable *_Nonnull frames);

/// Resumes or pauses sampling: samples during a pause are dropped. Any thread may call these, one at a time.
void profiler_resume(void);
void profiler_pause(void);

/// Stops, paused or not, writes the file, and makes no more notes. Returns the nanoseconds of processor time since the
/// last note, pauses excluded.
uint64_t profiler_stop(void);

#pragma clang assume_nonnull end

#endif
