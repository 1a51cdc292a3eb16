// SPDX-License-Identifier: Apache-2.0
//
// How a tasklet leaves the processor and comes back.
//
// Softly: its async frames stay on the heap; parking keeps the pointer to the innermost one, resuming is a tail call.
// Hard:   the machine stack that it runs on is set aside, and another one swapped in.
//
// Either way the Swift runtime's per-thread state (the active task, the executor tracking information, the task-local
// fallback, the exclusivity access set) belongs to the tasklet and moves with it. Nothing here knows what runs next:
// that is the caller's business, and so is every lock.

#ifndef SWITCHYARD_CSWITCH_H
#define SWITCHYARD_CSWITCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Everything here is linked into one image: no need to look addresses up through the dynamic linker's tables.
#define SW_LOCAL __attribute__((visibility("hidden")))

/// At a fixed distance from the thread pointer, found when the program is loaded: no call is needed to reach it.
#define SW_THREAD __attribute__((tls_model("initial-exec")))

// ------------------------------------------------------------------------------------------------ the runtime's state

/// Finds the Swift runtime's per-thread state, and checks that it looks as it should.
///
/// Call inside a running Swift task whose preferred executor is `executor`, on the thread that runs it. Returns false
/// where the runtime is another one than this code knows: then nothing else in this header but the stacks may be used.
/// The answer is found once and remembered.
bool sw_runtime_verify(const void *executor);

/// Where in thread-local storage the runtime keeps its words, as distances from the thread pointer.
/// Zero until ``sw_runtime_verify`` has succeeded.
struct sw_runtime_layout {
    ptrdiff_t concurrency;
    ptrdiff_t core;
};
extern struct sw_runtime_layout sw_runtime SW_LOCAL;

/// The task that the runtime believes to run on this thread, or null.
void *_Nullable sw_active_task(void);

/// The same as a number, at the cost of a load, where ``sw_runtime_verify`` has succeeded; elsewhere meaningless.
static inline uintptr_t sw_active_task_word(void) {
    return ((uintptr_t *)((char *)__builtin_thread_pointer() + sw_runtime.concurrency))[1];
}

/// Whether a task has been cancelled.
bool sw_is_cancelled(uintptr_t task);

/// Whether the job that runs on this thread has taken an actor along: then it has to end, so that the runtime lets the
/// actor go, before the thread does anything for others.
static inline bool sw_holds_actor(void) {
    if (sw_runtime.concurrency == 0) return false;
    void **tracking = ((void ***)((char *)__builtin_thread_pointer() + sw_runtime.concurrency))[2];
    return tracking && tracking[0];
}

/// The exclusivity accesses that are open on this thread; null where the runtime is not known.
///
/// What tasklets open belongs to them, and moves with them. What the code below them has open must not: it lies on the
/// thread's stack. So that code sets the thread's accesses aside before it runs tasklets, and puts them back after.
void *_Nullable sw_accesses(void);
void sw_set_accesses(void *_Nullable head);

/// One word of this thread for the scheduler: the tasklet that runs here, or null.
extern __thread void *_Nullable sw_thread_current SW_LOCAL SW_THREAD;
static inline void *_Nullable sw_current(void) { return sw_thread_current; }
static inline void sw_set_current(void *_Nullable tasklet) { sw_thread_current = tasklet; }

/// Another: the scheduler whose loop runs on this thread, or null.
extern __thread void *_Nullable sw_thread_scheduler SW_LOCAL SW_THREAD;
static inline void *_Nullable sw_scheduler(void) { return sw_thread_scheduler; }
static inline void sw_set_scheduler(void *_Nullable scheduler) { sw_thread_scheduler = scheduler; }

/// And a flag: a tasklet parked here with its scheduler's lock held, for the loop to release.
extern __thread bool sw_thread_holds_lock SW_LOCAL SW_THREAD;
static inline bool sw_holds_lock(void) { return sw_thread_holds_lock; }
static inline void sw_set_holds_lock(bool held) { sw_thread_holds_lock = held; }

/// Where the next job that the runtime enqueues from this thread is wanted, instead of in a queue; or null.
extern __thread void *_Nullable *_Nullable sw_thread_capture SW_LOCAL SW_THREAD;
static inline void *_Nullable *_Nullable sw_capture(void) { return sw_thread_capture; }
static inline void sw_set_capture(void *_Nullable *_Nullable slot) { sw_thread_capture = slot; }

/// A value that differs between any two threads that are alive.
static inline uintptr_t sw_thread_identity(void) { return (uintptr_t)__builtin_thread_pointer(); }

/// Count references to a Swift object where the optimizer must not see that others count them, too.
void sw_retain(void *object);
void sw_release(void *object);

/// A task executor as the runtime passes it on: its identity, and what says how to use it.
typedef struct sw_executor {
    void *_Nullable identity;
    const void *_Nullable implementation;
} sw_executor;

/// An async closure, which whoever passes it on keeps alive.
typedef struct sw_closure {
    const void *entry;
    void *_Nullable context;
} sw_closure;

/// Makes a task, not enqueued, that runs the closure, and prefers the executor.
///
/// The task and its first frames are in one allocation of `size` bytes, which is freed with the task's last reference;
/// the caller has that, and returns it by ``sw_task_release`` once the task has completed. Returns 0 where that cannot
/// be had. Only where ``sw_runtime_verify`` has succeeded.
uintptr_t sw_task_new(sw_closure closure, sw_executor executor, size_t size);
void sw_task_release(uintptr_t task);

// --------------------------------------------------------------------------------------------------------- soft parking

/// What is kept of a tasklet while it is off the processor.
typedef struct sw_context {
    /// Parked softly: its innermost async frame. Null otherwise.
    void *_Nullable frame;
    /// The task to make active again, and its exclusivity access set.
    void *_Nullable task;
    void *_Nullable access;
    /// Parked hard: the stack that its frames are on. Null otherwise.
    struct sw_stack *_Nullable stack;
} sw_context;

/// Continues a softly parked tasklet. Returns when this thread's stack has unwound again: when that tasklet, or another
/// that it handed over to, parked with nobody to hand over to, ended its job, or suspended through the runtime.
void sw_resume(sw_context *context);

// `sw_soft_park(from, to, current)` is an async function, declared in Swift. It parks the caller in `from` and hands the
// processor straight to `to`, or back to the caller of ``sw_resume`` when `to` is null. `to` must be parked softly;
// `current` is what ``sw_current`` says from then on.

// ----------------------------------------------------------------------------------------------------------- hard parking

/// A machine stack that a scheduler's loop runs on until a tasklet blocks on it.
typedef struct sw_stack {
    /// Where it was left; meaningful only while it is off the processor.
    void *_Nullable sp;
    /// The runtime's words of this thread, while it is off the processor.
    void *_Nullable runtime[4];
    /// For its owner's lists.
    struct sw_stack *_Nullable next;
    /// The mapping, guard page included; null for a thread's own stack.
    void *_Nullable base;
    size_t size;
} sw_stack;

/// A new stack that will call `entry(argument)` when first swapped to; `entry` must not return.
/// Returns null with errno set when there is no memory or no mapping left.
sw_stack *_Nullable sw_stack_new(void (*entry)(void *_Nullable), void *_Nullable argument);

/// Returns a stack that is off the processor and whose frames nobody needs any more.
void sw_stack_free(sw_stack *stack);

/// Sets the running stack aside as `from`, and continues `to` where it was left. Both belong to the calling thread.
/// `current` is what ``sw_current`` says from then on.
void sw_stack_swap(sw_stack *from, sw_stack *to, void *_Nullable current);

/// How many bytes a new stack reserves (not: touches), its guard page included.
extern const size_t sw_stack_size;

/// How many bytes at its low end trap, so that an overflow is a fault and not another tasklet's memory.
extern const size_t sw_guard_size;

/// Nanoseconds that one bare stack swap costs here, measured over `swaps` of them between two otherwise idle stacks.
/// Negative where no stack is to be had.
double sw_measure_bare_swap(uint64_t swaps);

#pragma clang assume_nonnull end

#endif
