// SPDX-License-Identifier: Apache-2.0
//
// Creates a Swift task in memory of the caller's choice.
//
// Task.detached allocates a task, and with its first frame a slab of a kilobyte for further frames, of which a parked
// tasklet uses only a part. The runtime's entry point takes options, and one of them (RunInline in the runtime's
// include/swift/ABI/TaskOptions.h) provides the memory for both. Such a task does not retain itself while it runs, and
// does not release its closure.

#include "CSwitch.h"

#include <stdlib.h>

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

uintptr_t sw_task_new(sw_closure closure, sw_executor executor, size_t size) {
    void *memory = malloc(size);
    if (!memory) return 0;
    executor_option with_executor = {{option_executor, NULL}, executor};
    memory_option in_memory = {{option_memory, &with_executor.header}, memory, (int32_t)size};
    void *task = swift_task_create(0, &in_memory.header, NULL, closure.entry, closure.context).task;
    if (task == memory) return (uintptr_t)task;
    // Another runtime, which does not know the option: the task is never enqueued, and stays unused.
    free(memory);
    return 0;
}

void sw_task_release(uintptr_t task) { swift_release((void *)task); }
