// SPDX-License-Identifier: Apache-2.0
//
// The CPU profiler of gperftools, loaded at run time, and a note beside each of its samples: which tasklet ran.
//
// The profiler calls `filter_in_thread` in its signal handler, on the thread that was interrupted, before it takes the
// sample. That is where the note is made: there, the thread's word for the running tasklet is right, because it is
// written right before control goes over, and not earlier (see CSwitch). What is read lies in memory that the tasklet
// owns. Nothing is allocated, and the one lock that is taken is never held by a thread that the signal can interrupt.

#ifndef SWITCHYARD_CPROFILER_H
#define SWITCHYARD_CPROFILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Loads libprofiler, once. Returns null, or the loader's reason why it is not to be had.
const char *_Nullable profiler_load(void);

/// Labels of samples that belong to no tasklet.
enum : uint32_t {
    /// The thread runs a scheduler's loop, and no tasklet.
    profiler_no_tasklet = 0,
    /// The thread runs no scheduler, or another than the one that is profiled.
    profiler_no_scheduler = UINT32_MAX,
};

/// Where notes go. Each is a word of label (low half) and depth (high half); the nanoseconds of processor time that the
/// process has used since the sample before, pauses not counted; and as many addresses as the depth says, the innermost
/// first. Depth 0: the stack could not be told.
typedef struct profiler_notes {
    uint64_t *words;
    size_t capacity;
    size_t count;
    /// Samples that there was no room for.
    uint64_t lost;
} profiler_notes;

/// Starts to profile this process, paused, into a file of gperftools' format and into `notes`, which stay where they are
/// until ``profiler_stop``.
///
/// `scheduler`: which one is profiled, as `sw_scheduler` has it. `label_offset`: where the tasklet that `sw_current`
/// points to keeps its label, a `uint32_t`.
/// Returns false where the file cannot be written, or a profile is being taken already.
bool profiler_start(const char *path, profiler_notes *notes, const void *_Nullable scheduler, size_t label_offset);

/// How many frames of a stack are kept at most: as many as the profiler itself keeps.
enum { profiler_most_frames = 254 };

/// What a sample notes: in a signal handler, of whichever signal, the frames of what it has interrupted, the innermost
/// first. Returns how many there are, or 0 where the stack cannot be told. The profiler has to be loaded.
int profiler_interrupted_frames(void *_Nullable *_Nonnull frames);

/// Goes on, or pauses: samples that fall into a pause are dropped. For any one thread at a time.
void profiler_resume(void);
void profiler_pause(void);

/// Ends it, paused or not. When it returns, the file is written, and no more notes are made. Returns the nanoseconds of
/// processor time after the last note, pauses not counted.
uint64_t profiler_stop(void);

#pragma clang assume_nonnull end

#endif
