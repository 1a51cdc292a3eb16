// SPDX-License-Identifier: Apache-2.0
//
// Creates a Swift task in memory of the caller's choice.
//
// Task.detached allocates a task, and with its first frame a slab of a kilobyte for further frames, of which a parked
// tasklet uses only a part. The runtime's entry point takes options, and one of them (RunInline in the runtime's
// include/swift/ABI/TaskOptions.h) provides the memory for both. Such a task does not retain itself while it runs, and
// does not release its closure.
//
// Its function, sw_run_bodies, is written in assembly, in bodies_x86_64.S and bodies_aarch64.S: a loop that asks what
// to do, and calls an async closure, parks, or ends. Its frame is the one that the runtime makes with the task, and
// serves for parking and, where that is small, for the body, too. Written in Swift, the loop takes four frames more,
// each with an allocation of its own: a seventh of a parked tasklet's memory, and of a short one's instructions.
//
// One thread at a time has the task, and what hands it from one to another, an actor's job, is the runtime's; so the
// frame needs no other protection than every async frame has. The address sanitizer sees the task's memory as one
// block, as it sees the runtime's own slabs of frames.

#include "CSwitch.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

typedef struct option {
    size_t kind;
    const struct option *next;
} option;

typedef struct executor_option {
    option header;
    sw_executor executor;
} executor_option;

typedef struct memory_option {
    option header;
    void *memory;
    int32_t size;
} memory_option;

enum { option_executor = 5, option_memory = 0xff };

typedef struct new_task {
    void *task;
    void *context;
} new_task;

#define SWIFTCC __attribute__((swiftcall))
extern SWIFTCC new_task swift_task_create(
    size_t flags, const option *options, const void *result, const void *entry, void *_Nullable context);
extern void swift_release(void *object);

/// The async function pointer of `sw_run_bodies`: its address relative to this record, and the size of its frame.
__asm__(
    ".pushsection .data.rel.ro,\"aw\",%progbits\n"
    ".hidden sw_run_bodiesTu\n"
    ".globl sw_run_bodiesTu\n"
    ".type sw_run_bodiesTu, %object\n"
    ".p2align 3\n"
    "sw_run_bodiesTu:\n"
    "  .long sw_run_bodies - sw_run_bodiesTu\n"
    "  .long 80\n"
    ".size sw_run_bodiesTu, 8\n"
    ".popsection\n");
extern const char sw_run_bodiesTu[] SW_LOCAL;

#if !defined(__x86_64__) && !defined(__aarch64__)
/// Never called: sw_runtime_verify returns false.
void sw_run_bodies(void);
void sw_run_bodies(void) { __builtin_trap(); }
#endif

/// Where the assembly finds what decides.
sw_decision sw_decide_step SW_LOCAL;

// Atomically: several threads may say the same.
void sw_task_decide_by(sw_decision decide) { __atomic_store_n(&sw_decide_step, decide, __ATOMIC_RELEASE); }

/// @param record what decides is to know of the task: passed as the captures of its closure, which such a task neither
/// retains nor releases.
static uintptr_t task_in(void *memory, void *record, sw_executor executor, size_t size) {
    executor_option with_executor = {{option_executor, NULL}, executor};
    memory_option in_memory = {{option_memory, &with_executor.header}, memory, (int32_t)size};
    void *task = swift_task_create(0, &in_memory.header, NULL, sw_run_bodiesTu, record).task;
    // Another runtime, which does not know the option: the task is never enqueued, and stays unused.
    return task == memory ? (uintptr_t)task : 0;
}

uintptr_t sw_task_new(sw_executor executor, size_t size, size_t more) {
    char *memory = malloc(size + more);
    if (!memory) return 0;
    uintptr_t task = task_in(memory, memory + size, executor, size);
    if (!task) free(memory);
    return task;
}

/// Behind a probe's memory, for what a runtime with larger tasks would write.
enum { canary = 0x5a, canary_size = 16 * 1024 };

uintptr_t sw_task_probe(sw_executor executor, size_t size) {
    char *memory = malloc(size + canary_size);
    if (!memory) return 0;
    memset(memory + size, canary, canary_size);
    uintptr_t task = task_in(memory, NULL, executor, size);
    // One that does not fit is not run; its memory is in use.
    return sw_task_keeps_within(task, size) ? task : 0;
}

bool sw_task_keeps_within(uintptr_t task, size_t size) {
    if (!task) return false;
    const unsigned char *behind = (const unsigned char *)task + size;
    for (size_t i = 0; i < canary_size; i++)
        if (behind[i] != canary) return false;
    return true;
}

void sw_task_release(uintptr_t task) { swift_release((void *)task); }

// By itself the allocator gives back only the end of its memory, where something is always in use.
void sw_trim_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
