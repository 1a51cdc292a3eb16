// SPDX-License-Identifier: Apache-2.0
//
// Measures how much of the interrupted stack a sample uses.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CSampling.h"

#include <CSwitch.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/// A pattern that no handler is expected to write 8 times in a row.
enum { paint = 0xa5, gap = 256 };

typedef struct measurement {
    sw_stack home;
    sw_stack *stack;
    int callers;
    size_t bytes;
} measurement;

/// Takes a sample below the caller's frame and the few bytes of this function's own.
__attribute__((noinline)) static size_t sample_here(const sw_stack *stack) {
    uint8_t *here = __builtin_frame_address(0), *low = (uint8_t *)stack->base + sw_guard_size;
    // No memset: the loop would overwrite the frame of a called function.
    for (volatile uint8_t *byte = low; byte < here - gap; byte++) *byte = paint;
    syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), SIGPROF);
    while (*low == paint) low++;
    return (size_t)(here - low);
}

__attribute__((noinline)) static size_t sample_below(int callers, const sw_stack *stack) {
    size_t bytes = callers > 0 ? sample_below(callers - 1, stack) : sample_here(stack);
    __asm__ volatile("" : "+r"(bytes));  // prevents a tail call, which would have no frame
    return bytes;
}

static void measure(void *argument) {
    measurement *self = argument;
    self->bytes = sample_below(self->callers, self->stack);
    for (;;) sw_stack_swap(self->stack, &self->home, NULL);
}

size_t room_of_sample(int callers) {
    measurement self = {.callers = callers};
    self.stack = sw_stack_new(sw_stack_size, measure, &self);
    if (!self.stack) return 0;
    sw_stack_swap(&self.home, self.stack, NULL);
    sw_stack_free(self.stack);
    return self.bytes;
}

size_t room_on_thread_stack(void) {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
    void *low;
    size_t size;
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
    size_t room = (size_t)((char *)__builtin_frame_address(0) - (char *)low);
    return room < size ? room : 0;
}
