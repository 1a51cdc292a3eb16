// SPDX-License-Identifier: Apache-2.0
//
// How a tasklet leaves the processor and returns to it.
//
// Soft: its async frames stay on the heap. Parking saves the pointer to the innermost one; resuming is a tail call.
// Hard: the machine stack that it runs on is set aside, and another one is swapped in.
// Slice: the live bytes of its machine stack are copied to the heap, and back before it continues.
//
// In each way the Swift runtime's per-thread state (the active task, the executor tracking information, the task-local
// fallback, the exclusivity access set) belongs to the tasklet and moves with it. This module does not know what runs
// next: that is up to the caller, as is all locking.

#ifndef SWITCHYARD_CSWITCH_H
#define SWITCHYARD_CSWITCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Everything here is linked into one image, so symbols need no lookup through the dynamic linker's tables.
#define SW_LOCAL __attribute__((visibility("hidden")))

/// Gives a variable a fixed offset from the thread pointer, set at load time, so that access needs no call.
#define SW_THREAD __attribute__((tls_model("initial-exec")))

// ------------------------------------------------------------------------------------------------ the runtime's state

/// Locates the Swift runtime's per-thread state, and checks that it has the expected layout.
///
/// Call it inside a running Swift task whose preferred executor is `executor`, on the thread that runs it. Returns
/// false for a runtime that this code does not know; then nothing in this header may be used except the stacks. The
/// result is computed once and cached.
///
/// `is_known_version` says whether the compiler comes with a runtime whose per-thread words are known; it decides where
/// that is linked into the program, so that its words cannot be counted.
bool sw_runtime_verify(const void *executor, bool is_known_version);

/// The offsets from the thread pointer at which the runtime keeps its words.
/// Zero until ``sw_runtime_verify`` has succeeded.
struct sw_runtime_layout {
    ptrdiff_t concurrency;
    ptrdiff_t core;
};
extern struct sw_runtime_layout sw_runtime SW_LOCAL;

/// The runtime's active task on this thread, or null.
void *_Nullable sw_active_task(void);

/// The same as a number, for the cost of a load. Meaningless unless ``sw_runtime_verify`` has succeeded.
static inline uintptr_t sw_active_task_word(void) {
    return ((uintptr_t *)((char *)__builtin_thread_pointer() + sw_runtime.concurrency))[1];
}

/// The flag of a task that says that it has been cancelled; no bit until its place is known.
struct sw_flag {
    size_t offset;
    uint32_t mask;
};
extern struct sw_flag sw_cancelled SW_LOCAL;

/// Finds the flag, with a task that has not started, which it cancels; before any other thread asks. Like the functions
/// below, it does not depend on ``sw_runtime_verify``.
void sw_learn_cancellation(uintptr_t task);

/// Whether the flag has been found.
static inline bool sw_knows_cancellation(void) { return sw_cancelled.mask != 0; }

/// The runtime's answer.
bool sw_asks_whether_cancelled(uintptr_t task);

/// Whether a task has been cancelled.
static inline bool sw_is_cancelled(uintptr_t task) {
    if (!sw_cancelled.mask) return sw_asks_whether_cancelled(task);
    return __atomic_load_n((const uint32_t *)(task + sw_cancelled.offset), __ATOMIC_RELAXED) & sw_cancelled.mask;
}

/// Whether a task, which runs on this thread, is a child of another one.
bool sw_is_child_task(uintptr_t task);

/// The exclusivity accesses in progress on this thread; null if the runtime is not known.
///
/// A tasklet's accesses belong to it and move with it. Those of the code below it must not move: they belong to the
/// thread's stack. So that code clears the thread's accesses before it runs tasklets, and restores them afterwards.
void *_Nullable sw_accesses(void);
void sw_set_accesses(void *_Nullable head);

/// The scheduler's first thread-local word: the current tasklet of this thread, or null.
extern __thread void *_Nullable sw_thread_current SW_LOCAL SW_THREAD;
static inline void *_Nullable sw_current(void) { return sw_thread_current; }
static inline void sw_set_current(void *_Nullable tasklet) { sw_thread_current = tasklet; }

/// The second: the scheduler whose loop runs on this thread, or null.
extern __thread void *_Nullable sw_thread_scheduler SW_LOCAL SW_THREAD;
static inline void *_Nullable sw_scheduler(void) { return sw_thread_scheduler; }
static inline void sw_set_scheduler(void *_Nullable scheduler) { sw_thread_scheduler = scheduler; }

/// And a flag: a tasklet has parked on this thread while holding its scheduler's lock, and the loop must release it.
extern __thread bool sw_thread_holds_lock SW_LOCAL SW_THREAD;
static inline bool sw_holds_lock(void) { return sw_thread_holds_lock; }
static inline void sw_set_holds_lock(bool held) { sw_thread_holds_lock = held; }

/// Where to store the next job that the runtime enqueues from this thread instead of queueing it, or null.
extern __thread void *_Nullable *_Nullable sw_thread_capture SW_LOCAL SW_THREAD;
static inline void *_Nullable *_Nullable sw_capture(void) { return sw_thread_capture; }
static inline void sw_set_capture(void *_Nullable *_Nullable slot) { sw_thread_capture = slot; }

/// The tasklet that a task runs, where the runtime's own threads run the task. See note.c.
typedef struct sw_note {
    /// 0 once the tasklet has ended.
    uintptr_t task;
    void *_Nullable tasklet;
    void *_Nullable scheduler;
    /// A link for notes that wait for a tasklet.
    struct sw_note *_Nullable next;
    /// See ``sw_note_resume``.
    bool is_resumed;
} sw_note;

/// Makes a note; ``sw_note_end`` is called before the task ends.
sw_note *sw_note_new(uintptr_t task, void *tasklet, void *scheduler);
void sw_note_end(sw_note *note);

/// The calling thread is about to resume the task, which says that it has been resumed.
///
/// What precedes the one precedes what follows the other. The runtime sees to that; but the thread sanitizer, which
/// does not see into the runtime, would take much of it for races.
void sw_note_resume(sw_note *note);
void sw_note_resumed(const sw_note *note);

/// Whether a note, which may have ended, is of that task, which runs on the calling thread.
static inline bool sw_note_is_of(const sw_note *note, uintptr_t task) {
    return __atomic_load_n(&note->task, __ATOMIC_ACQUIRE) == task;
}

/// The calling thread's note of the task that it runs now; null where it has none of that. Also for signal handlers.
const sw_note *_Nullable sw_note_here(void);

/// The task that the calling thread runs, which is that of the note, is a tasklet's.
extern __thread sw_note *_Nullable sw_thread_note SW_LOCAL SW_THREAD;
static inline void sw_set_note(sw_note *note) { sw_thread_note = note; }

/// A value that is unique among the live threads.
static inline uintptr_t sw_thread_identity(void) { return (uintptr_t)__builtin_thread_pointer(); }

/// Retain and release a Swift object where the optimizer must not assume that it sees all references.
void sw_retain(void *object);
void sw_release(void *object);

/// The same for a number of references at once.
void sw_retain_times(void *object, uint32_t count);
void sw_release_times(void *object, uint32_t count);

/// Retains an object that no other thread has a reference to yet.
void sw_retain_unshared(void *object);

/// A task executor as the runtime passes it: its identity and its witness table.
typedef struct sw_executor {
    void *_Nullable identity;
    const void *_Nullable implementation;
} sw_executor;

/// What a task that runs bodies does next.
typedef struct sw_step {
    /// One of the two below; or the entry of an async closure without isolation, result and arguments, which may throw
    /// and is to be called.
    uintptr_t action;
    /// The closure's captures; or what gets the processor from a task that parks, as of `sw_soft_park`.
    void *_Nullable first;
    /// What ``sw_current`` returns once it has parked.
    void *_Nullable second;
} sw_step;
enum { sw_step_end = 0, sw_step_park = 1 };

/// Decides what the task with that record does next: at first, when it has been resumed, and when a closure has
/// returned, or thrown `error`, which the function owns. A probe has no record, and is to end.
typedef void (*sw_decision)(void *_Nullable record, void *_Nullable error, sw_step *step);

/// What decides for all such tasks; before the first is made.
void sw_task_decide_by(sw_decision decide);

/// Creates a task, without enqueueing it, that prefers the executor, and does what is decided until that is to end.
///
/// Allocates `size` bytes for the task and its first frames, and `more` behind them for its record, which begins with
/// the ``sw_context`` that it parks in; all are freed with the task's last reference. The caller owns that reference,
/// and gives it up with ``sw_task_release`` once the task has completed. Returns 0 if the runtime or the allocator
/// cannot do it. Requires that ``sw_runtime_verify`` has succeeded.
uintptr_t sw_task_new(sw_executor executor, size_t size, size_t more);
void sw_task_release(uintptr_t task);

/// The same with memory behind the `size` bytes, by which ``sw_task_keeps_within`` tells whether they suffice: the
/// runtime does not check that of a task in memory of the caller's. Returns 0 if creating the task has shown already
/// that they do not.
uintptr_t sw_task_probe(sw_executor executor, size_t size);
bool sw_task_keeps_within(uintptr_t task, size_t size);

/// Gives memory that is free, such as that of tasks, back to the system. Takes milliseconds.
void sw_trim_memory(void);

// --------------------------------------------------------------------------------------------------------- soft
// parking

/// The state of a parked tasklet.
typedef struct sw_context {
    /// Parked softly: the innermost async frame. Null otherwise.
    void *_Nullable frame;
    /// The task to reactivate, and its exclusivity access set.
    void *_Nullable task;
    void *_Nullable access;
    union {
        /// Parked hard: the stack that holds its frames. Null otherwise.
        struct sw_stack *_Nullable stack;
        /// On a scheduler that slices stacks: where its frames are kept, once it has parked.
        struct sw_slice *_Nullable slice;
    };
} sw_context;

/// Resumes a softly parked tasklet. Returns when this thread's stack has unwound: when that tasklet, or another one
/// that it handed over to, parked without handing over, ended its job, or suspended through the runtime.
void sw_resume(sw_context *context);

// `sw_soft_park(from, to, current)` is an async function declared in Swift. It parks the caller in `from` and hands the
// processor directly to `to`, or back to the caller of ``sw_resume`` if `to` is null. `to` must be parked softly.
// `current` is what ``sw_current`` returns from then on.

// ----------------------------------------------------------------------------------------------------------- hard
// parking

/// A machine stack on which a scheduler's loop runs until a tasklet blocks on it.
typedef struct sw_stack {
    /// The saved stack pointer; meaningful only while the stack is suspended.
    void *_Nullable sp;
    /// The runtime's words of this thread, saved while the stack is suspended.
    void *_Nullable runtime[4];
    /// A link for the owner's lists.
    struct sw_stack *_Nullable next;
    /// The mapping including its guard; null for a thread's own stack.
    void *_Nullable base;
    size_t size;
} sw_stack;

/// Creates a stack with room for `size` bytes, rounded up to 64 KiB, that calls `entry(argument)` when it is first
/// swapped to; `entry` must not return.
/// Returns null and sets errno if the process is out of memory or mappings.
sw_stack *_Nullable sw_stack_new(size_t size, void (*entry)(void *_Nullable), void *_Nullable argument);

/// Frees a suspended stack whose frames are no longer needed.
void sw_stack_free(sw_stack *stack);

/// Suspends the running stack as `from`, and resumes `to`. Both belong to the calling thread.
/// `current` is what ``sw_current`` returns from then on.
void sw_stack_swap(sw_stack *from, sw_stack *to, void *_Nullable current);

// --------------------------------------------------------------------------------------------------------- slices

/// The frames of a parked tasklet, on the heap unless it holds the region: see ``sw_region``.
typedef struct sw_slice {
    /// The saved stack pointer; meaningful only while the tasklet is parked.
    void *_Nullable sp;
    /// The runtime's words of the tasklet.
    void *_Nullable runtime[4];
    char *_Nullable bytes;
    size_t size, capacity;
} sw_slice;

/// The one stack on which all tasklets of a loop run, each at the same addresses; the loop runs on another.
typedef struct sw_region sw_region;

/// Creates a region with room for `size` bytes, rounded up to 64 KiB. Null if the process is out of memory or mappings.
sw_region *_Nullable sw_region_new(size_t size);

/// Frees a region that nothing runs on. Slices of it may be left, to be freed.
void sw_region_free(sw_region *region);

/// Whether an address is one of the region's, and so means different bytes to each tasklet.
bool sw_region_contains(const sw_region *region, const void *address);

/// Whether a tasklet can park and be copied even if there is no memory. Parking may end that.
bool sw_region_is_prepared(const sw_region *region);

/// Takes what that needs from the memory that is left, while an error can still be thrown. Returns false if it is not
/// enough.
bool sw_region_prepare(sw_region *region);

/// Frees a slice whose tasklet does not continue. `region` is null if it is gone.
void sw_slice_free(sw_region *_Nullable region, sw_slice *slice);

/// Called by the loop: calls `body(argument)` on the region. Returns when that returns, or when a tasklet parks there.
///
/// `body` must not use `argument` after a tasklet may have parked in it.
void sw_region_enter(sw_region *region, void (*body)(void *_Nullable), void *_Nullable argument);

/// Called by the loop: continues a tasklet that has parked. Returns as ``sw_region_enter`` does.
/// `current` is what ``sw_current`` returns from then on.
void sw_region_resume(sw_region *region, sw_slice *slice, void *_Nullable current);

/// Called by a tasklet on the region, which is prepared: returns to the loop.
/// Returns when the loop resumes the tasklet.
/// Makes the slice of the tasklet, which parks in `context`, unless it has one.
void sw_region_park(sw_region *region, sw_context *context);

/// A place on a thread's own stack that control can return to from another stack of the thread, whatever is on top of
/// it.
typedef struct sw_refuge {
    void *_Nullable place;
    void *_Nullable runtime[4];
} sw_refuge;

/// Calls `body(argument)` on the running stack. Returns when `body` does, or when ``sw_refuge_return`` is called on
/// another stack while `body` is suspended: then its frames are given up, without being unwound.
void sw_refuge_run(sw_refuge *refuge, void (*body)(void *_Nullable), void *_Nullable argument);
_Noreturn void sw_refuge_return(sw_refuge *refuge);

/// The size of a stack for which no other was asked, in bytes, which it reserves and does not touch.
extern const size_t sw_stack_size;

/// The number of bytes at a stack's low end that trap, so that an overflow faults instead of corrupting another stack.
extern const size_t sw_guard_size;

/// The size of the stack whose guard an address lies in; 0 for an address in no guard. For signal handlers.
size_t sw_guarded_stack(const void *address);

// ---------------------------------------------------------------------------------------------------- stack overflows

/// Where a tasklet keeps what names it: offsets from the address that ``sw_current`` returns.
typedef struct sw_tasklet_layout {
    /// Its name, a Swift `String?`; 0 if strings are not as ``sw_string_bytes`` reads them.
    size_t name;
    /// The file in which it was spawned, a Swift `StaticString`.
    size_t file;
    /// The line, a `uint32_t`.
    size_t line;
    /// Its number, a `uint64_t`.
    size_t id;
} sw_tasklet_layout;

/// Makes an overflow of a tasklet's stack end the process with SIGABRT and a line on standard error that names the
/// tasklet and its stack, instead of SIGSEGV. Every other fault is left to the handler that was there before.
///
/// Called once. Threads take part from their ``sw_guard_thread`` on.
void sw_report_overflows(sw_tasklet_layout layout);

/// Gives the calling thread, for as long as it lives, a stack for the handler of overflows, which cannot run on the one
/// that is full. Does nothing the second time.
static inline void sw_guard_thread(void);

/// The same for a new thread, whose stack was made with `size` bytes for tasklets.
void sw_guard_new_thread(size_t size);

/// The UTF-8 bytes of a Swift string, given its two words; `*count` is how many. Null if the string is in none of the
/// forms that can be read in place. The bytes may lie in the words.
const char *_Nullable sw_string_bytes(const uint64_t *words, size_t *count);

extern __thread bool sw_thread_is_guarded SW_LOCAL SW_THREAD;
void sw_guard_running_thread(void);
static inline void sw_guard_thread(void) {
    if (__builtin_expect(!sw_thread_is_guarded, false)) sw_guard_running_thread();
}

/// Measures the cost of a bare stack swap in nanoseconds, over `swaps` swaps between two otherwise idle stacks.
/// Negative if no stack can be allocated.
double sw_measure_bare_swap(uint64_t swaps);

#pragma clang assume_nonnull end

#endif
