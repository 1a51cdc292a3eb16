// SPDX-License-Identifier: Apache-2.0
//
// Whether a Swift task has been cancelled.
//
// The runtime answers with an atomic exchange of two words, which a short tasklet's life would notice. The flag is one
// bit of a task, whose place is not exported; so it is found by cancelling a task that nothing else knows, and looking
// for the one bit that changes.

#include "CSwitch.h"

#define SWIFTCC __attribute__((swiftcall))
extern SWIFTCC void swift_task_cancel(void *task);
extern SWIFTCC bool swift_task_isCancelled(void *task);

struct sw_flag sw_cancelled;

/// What is looked at of a task: less than its fixed part.
enum { head_words = 112 / sizeof(uint32_t) };

void sw_learn_cancellation(uintptr_t task) {
    const uint32_t *words = (const uint32_t *)task;
    uint32_t before[head_words];
    for (size_t i = 0; i < head_words; i++) before[i] = words[i];
    if (swift_task_isCancelled((void *)task)) return;
    swift_task_cancel((void *)task);
    if (!swift_task_isCancelled((void *)task)) return;
    struct sw_flag found = {0, 0};
    for (size_t i = 0; i < head_words; i++) {
        if (words[i] == before[i]) continue;
        uint32_t set = words[i] & ~before[i];
        if (found.mask || words[i] != (before[i] | set) || __builtin_popcount(set) != 1) return;
        found = (struct sw_flag){i * sizeof(uint32_t), set};
    }
    sw_cancelled = found;
}

bool sw_asks_whether_cancelled(uintptr_t task) { return swift_task_isCancelled((void *)task); }
