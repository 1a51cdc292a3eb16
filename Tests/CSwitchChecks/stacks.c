// SPDX-License-Identifier: Apache-2.0
//
// Checks that stacks are guarded, spread over the cache, and reused.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checks.h"

static sw_stack home;
static sw_stack *visited;

static void go_home(void *argument) {
    *(uintptr_t *)argument = (uintptr_t)__builtin_frame_address(0);
    for (;;) sw_stack_swap(visited, &home, NULL);
}

static uintptr_t frame_of_a_visit(void) {
    uintptr_t frame = 0;
    visited = sw_stack_new(sw_stack_size, go_home, &frame);
    if (visited) sw_stack_swap(&home, visited, NULL);
    return frame;
}

static void stacks_are_reused_at_varying_offsets(void) {
    uint32_t offsets = 0;
    void *base = NULL;
    bool is_same = true;
    for (int i = 0; i < 1000; i++) {
        uintptr_t frame = frame_of_a_visit();
        if (!frame) return expect(false, "a stack can be allocated");
        uintptr_t top = (uintptr_t)visited->base + visited->size;
        if (!base) base = visited->base;
        is_same = is_same && base == visited->base;
        offsets |= 1u << (top - frame) / 64 % 32;
        sw_stack_free(visited);
    }
    expect(is_same, "a freed stack is reused");
    expect(__builtin_popcount(offsets) == 16, "stacks begin at 16 different offsets");
}

static int status_of_a_touch(char *address) {
    pid_t child = fork();
    if (child == 0) {
        // The crash is intended, and must not leave a core behind.
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        *(volatile char *)address = 1;
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

/// An emulator may accept any advice and ignore it.
static bool kernel_ignores_advice(char *page) { return madvise(page, 4096, 9999) == 0; }

static void a_stack_ends_in_a_guard(void) {
    if (!frame_of_a_visit()) return expect(false, "a stack can be allocated");
    char *base = visited->base;
    expect(status_of_a_touch(base + sw_guard_size) == 0, "the page above the guard is usable");
    if (kernel_ignores_advice(base)) return;
    expect(WIFSIGNALED(status_of_a_touch(base)), "the lowest byte of a stack traps");
    expect(WIFSIGNALED(status_of_a_touch(base + sw_guard_size - 1)), "the highest byte of the guard traps");
    sw_stack_free(visited);
}

void check_stacks(void) {
    stacks_are_reused_at_varying_offsets();
    a_stack_ends_in_a_guard();
}
