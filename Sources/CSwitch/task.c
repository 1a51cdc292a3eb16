// SPDX-License-Identifier: Apache-2.0
//
// Creates a Swift task in memory of the caller's choice.
//
// Task.detached allocates a task, and with its first frame a slab of a kilobyte for further frames, of which a parked
// tasklet uses only a part. The runtime's entry point takes options, and one of them (RunInline in the runtime's
// include/swift/ABI/TaskOptions.h) provides the memory for both. Such a task does not retain itself while it runs, and
// does not release its closure.

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

static uintptr_t task_in(void *memory, sw_closure closure, sw_executor executor, size_t size) {
    executor_option with_executor = {{option_executor, NULL}, executor};
    memory_option in_memory = {{option_memory, &with_executor.header}, memory, (int32_t)size};
    void *task = swift_task_create(0, &in_memory.header, NULL, closure.entry, closure.context).task;
    // Another runtime, which does not know the option: the task is never enqueued, and stays unused.
    return task == memory ? (uintptr_t)task : 0;
}

uintptr_t sw_task_new(sw_closure closure, sw_executor executor, size_t size, size_t more) {
    void *memory = malloc(size + more);
    if (!memory) return 0;
    uintptr_t task = task_in(memory, closure, executor, size);
    if (!task) free(memory);
    return task;
}

/// Behind a probe's memory, for what a runtime with larger tasks would write.
enum { canary = 0x5a, canary_size = 16 * 1024 };

uintptr_t sw_task_probe(sw_closure closure, sw_executor executor, size_t size) {
    char *memory = malloc(size + canary_size);
    if (!memory) return 0;
    memset(memory + size, canary, canary_size);
    uintptr_t task = task_in(memory, closure, executor, size);
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
