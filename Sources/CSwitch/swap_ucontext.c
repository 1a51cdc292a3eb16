// SPDX-License-Identifier: Apache-2.0
//
// The portable swap, for architectures without their own: correct but slow, because swapcontext makes a system call for
// the signal mask. Unlike the other swaps, it makes the signal mask part of the stack.

#if (!defined(__x86_64__) && !defined(__aarch64__)) || defined(SWITCHYARD_UCONTEXT)

#include <stdlib.h>
#include <ucontext.h>

#include "stack.h"

/// A suspended stack. The record lies on that stack, and its address serves as the saved stack pointer.
typedef struct record {
    ucontext_t context;
    void (*entry)(void *);
    void *argument;
} record;

/// makecontext passes ints, so a pointer arrives in two halves.
static void start(unsigned high, unsigned low) {
    record *self = (record *)(uintptr_t)(((uint64_t)high << 32) | low);
    self->entry(self->argument);
    abort();
}

void sw_swap(void **save, void *load) {
    // Stays alive until this stack is resumed, which is when swapcontext returns here.
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
    // makecontext wants a base and a size. Only their sum matters: the top of a stack that grows downwards.
    enum { reach = 64 * 1024 };
    self->context.uc_stack.ss_sp = (char *)self - reach;
    self->context.uc_stack.ss_size = reach;
    uint64_t address = (uint64_t)(uintptr_t)self;
    makecontext(&self->context, (void (*)(void))start, 2, (unsigned)(address >> 32), (unsigned)address);
    return self;
}

#endif
