// SPDX-License-Identifier: Apache-2.0
#if defined(__aarch64__) && !defined(SWITCHYARD_UCONTEXT)
//
// The AAPCS64 stack swap.
//
// The layout of a suspended stack, from its saved stack pointer upwards:
//
//      +-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+----+----+-----+-----+-----+-----+-----+-----+
//      | x29 | x30 | x19 | x20 | x21 | x22 | x23 | x24 | x25 | x26 | x27 | x28 | d8 | d9 | d10 | d11 | d12 | d13 | d14
//      | d15 |
//      +-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+----+----+-----+-----+-----+-----+-----+-----+
//        0     8     16    24    32    40    48    56    64    72    80    88    96   104  112   120   128   136   144
//        152
//
// These are the registers that a callee must preserve: the general registers, and the low halves of v8 to v15. x30 is
// the address at which the stack resumes. FPCR is the same for all tasklets of a thread, and the signal mask belongs to
// the thread.
//
// The branch at the end is deliberate: a `ret` would be predicted to return to the last caller on this stack. Its
// target is a return address, which is not a landing pad. So this object is not marked for branch target
// identification, and the linker turns that protection off in a program that contains it.

        .text
        .globl  sw_swap
        .hidden sw_swap
        .type   sw_swap, %function
        .p2align 4
// void sw_swap(void **save /* x0 */, void *load /* x1 */)
sw_swap:
        .cfi_startproc
        stp     x29, x30, [sp, #-160]!
        .cfi_def_cfa_offset 160
        .cfi_offset x29, -160
        .cfi_offset x30, -152
        stp     x19, x20, [sp, #16]
        .cfi_offset x19, -144
        .cfi_offset x20, -136
        stp     x21, x22, [sp, #32]
        .cfi_offset x21, -128
        .cfi_offset x22, -120
        stp     x23, x24, [sp, #48]
        .cfi_offset x23, -112
        .cfi_offset x24, -104
        stp     x25, x26, [sp, #64]
        .cfi_offset x25, -96
        .cfi_offset x26, -88
        stp     x27, x28, [sp, #80]
        .cfi_offset x27, -80
        .cfi_offset x28, -72
        stp     d8, d9, [sp, #96]
        .cfi_offset d8, -64
        .cfi_offset d9, -56
        stp     d10, d11, [sp, #112]
        .cfi_offset d10, -48
        .cfi_offset d11, -40
        stp     d12, d13, [sp, #128]
        .cfi_offset d12, -32
        .cfi_offset d13, -24
        stp     d14, d15, [sp, #144]
        .cfi_offset d14, -16
        .cfi_offset d15, -8
        mov     x9, sp
        str     x9, [x0]
        // Both stacks have the same frame here, so the unwinding rules hold on both sides of the next instruction.
        mov     sp, x1
        ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
        ldp     d8, d9, [sp, #96]
        ldp     d10, d11, [sp, #112]
        ldp     d12, d13, [sp, #128]
        ldp     d14, d15, [sp, #144]
        ldp     x29, x30, [sp], #160
        .cfi_def_cfa_offset 0
        .cfi_restore x29
        .cfi_restore x30
        .cfi_restore x19
        .cfi_restore x20
        .cfi_restore x21
        .cfi_restore x22
        .cfi_restore x23
        .cfi_restore x24
        .cfi_restore x25
        .cfi_restore x26
        .cfi_restore x27
        .cfi_restore x28
        .cfi_restore d8
        .cfi_restore d9
        .cfi_restore d10
        .cfi_restore d11
        .cfi_restore d12
        .cfi_restore d13
        .cfi_restore d14
        .cfi_restore d15
        mov     x16, x30
        br      x16
        .cfi_endproc
        .size   sw_swap, .-sw_swap

// The outermost frame of a new stack: x19 holds the function, x20 its argument. An undefined return address tells
// unwinders that the stack ends here; so does the zero in x29.
        .globl  sw_stack_start
        .hidden sw_stack_start
        .type   sw_stack_start, %function
        .p2align 4
sw_stack_start:
        .cfi_startproc
        .cfi_undefined x30
        nop     // never executed, but unwinders look up the address before a return address
        mov     x0, x20
        blr     x19
        brk     #1
        .cfi_endproc
        .size   sw_stack_start, .-sw_stack_start
#endif

// On every architecture: an object without this note would make the whole program's stack executable.
        .section .note.GNU-stack,"",%progbits
