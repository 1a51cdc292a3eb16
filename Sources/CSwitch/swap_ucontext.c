// SPDX-License-Identifier: Apache-2.0
//
// The portable swap, for processors without one of their own: correct, and slow (two system calls a swap).

#if !defined(__x86_64__) && !defined(__aarch64__) || defined(SWITCHYARD_UCONTEXT)

#include <stdlib.h>
#include <ucontext.h>

#include "stack.h"

typedef struct record {
    ucontext_t context;
    void (*entry)(void *);
    void *argument;
} record;

static void start(unsigned high, unsigned low) {
    record *self = (record *)(uintptr_t)(((uint64_t)high << 32) | low);
    self->entry(self->argument);
    abort();
}

/// The record of a stack that is off the processor lies on that stack, and the "stack pointer" is its address.
void sw_swap(void **save, void *load) {
    record self;
    *save = &self;
    swapcontext(&self.context, &((record *)load)->context);
}

void *sw_first_frame(void *top, void (*entry)(void *), void *argument) {
    record *self = (record *)(((uintptr_t)top - sizeof(record)) & ~(uintptr_t)63);
    self->entry = entry;
    self->argument = argument;
    getcontext(&self->context);
    self->context.uc_link = NULL;
    // makecontext wants a base and a size; only their sum, the top, matters to a stack that grows downwards.
    enum { reach = 64 * 1024 };
    self->context.uc_stack.ss_sp = (char *)self - reach;
    self->context.uc_stack.ss_size = reach;
    uint64_t address = (uint64_t)(uintptr_t)self;
    makecontext(&self->context, (void (*)(void))start, 2, (unsigned)(address >> 32), (unsigned)address);
    return self;
}

#endif
