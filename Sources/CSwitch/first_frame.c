// SPDX-License-Identifier: Apache-2.0
//
// The first frame of a new stack, as each architecture's swap expects it. swap_ucontext.c builds its own.

#include "stack.h"

/// Begins with an instruction that is never executed; a new stack starts after it.
extern void sw_stack_start(void);

#if defined(__x86_64__) && !defined(SWITCHYARD_UCONTEXT)

void *sw_first_frame(void *top, void (*entry)(void *), void *argument) {
    void **sp = (void **)((uintptr_t)top & ~(uintptr_t)15);
    *--sp = 0;  // in place of a return address: the stack ends here
    *--sp = 0;  // aligns the stack to 16 bytes at the call in sw_stack_start
    *--sp = (char *)sw_stack_start + 1;
    *--sp = 0;                // rbp
    *--sp = 0;                // rbx
    *--sp = (void *)entry;    // r12
    *--sp = argument;         // r13
    *--sp = 0;                // r14
    *--sp = 0;                // r15
    return sp;
}

#elif defined(__aarch64__) && !defined(SWITCHYARD_UCONTEXT)

void *sw_first_frame(void *top, void (*entry)(void *), void *argument) {
    void **sp = (void **)((uintptr_t)top & ~(uintptr_t)15) - 20;
    for (int i = 0; i < 20; i++) sp[i] = 0;
    sp[1] = (char *)sw_stack_start + 4;  // x30
    sp[2] = (void *)entry;               // x19
    sp[3] = argument;                    // x20
    return sp;
}

#endif
