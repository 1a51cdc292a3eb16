// SPDX-License-Identifier: Apache-2.0
//
// The portable swap, for processors without one of their own: correct, and slow (a system call a swap, for the signal
// mask). Unlike theirs it makes the signal mask part of the stack.

#if (!defined(__x86_64__) && !defined(__aarch64__)) || defined(SWITCHYARD_UCONTEXT)

#include <stdlib.h>
#include <ucontext.h>

#include "stack.h"

/// A stack that is off the processor. The record lies on that stack, and the saved "stack pointer" is its address.
typedef struct record {
    ucontext_t context;
    void (*entry)(void *);
    void *argument;
} record;

/// makecontext passes ints, so a pointer comes in two halves.
static void start(unsigned high, unsigned low) {
    record *self = (record *)(uintptr_t)(((uint64_t)high << 32) | low);
    self->entry(self->argument);
    abort();
}

void sw_swap(void **save, void *load) {
    // Lives until this stack goes on, which is when swapcontext returns here.
    record self;
    *save = &self;
    if (swapcontext(&self.context, &((record *)load)->context) != 0) abort();
}

void *sw_first_frame(void *top, void (*entry)(void *), void *argument) {
    record *self = (record *)(((uintptr_t)top - sizeof(record)) & ~(uintptr_t)63);
    if (getcontext(&self->context) != 0) abort();
    self->entry = entry;
    self->argument = argument;
    self->context.uc_link = NULL;
    // makecontext wants a base and a size; only their sum, where the stack begins, matters to one that grows downwards.
    enum { reach = 64 * 1024 };
    self->context.uc_stack.ss_sp = (char *)self - reach;
    self->context.uc_stack.ss_size = reach;
    uint64_t address = (uint64_t)(uintptr_t)self;
    makecontext(&self->context, (void (*)(void))start, 2, (unsigned)(address >> 32), (unsigned)address);
    return self;
}

#endif
