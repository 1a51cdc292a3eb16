// SPDX-License-Identifier: Apache-2.0
#if defined(__aarch64__)
//
// The function of a task that runs one body after another, explained in task.c, for aarch64: x22 holds an async
// function's context, and x20 what its closure has captured, or, when it returns, the error that it has thrown.
// bodies_x86_64.S describes the frame.

        .text
        .globl  sw_run_bodies
        .hidden sw_run_bodies
        .type   sw_run_bodies, %function
        .p2align 4
// void sw_run_bodies(void *record /* x20 */)
sw_run_bodies:
        .cfi_startproc
        hint    #34                     // bti c: a valid target of indirect calls under branch protection
        adr     x9, .Lresumed
        str     x20, [x22, #16]
        stp     x22, x9, [x22, #24]
        mov     x20, xzr
        // Asks for the next step; x20 is the error, or 0.
.Lstep: stp     x29, x30, [sp, #-48]!
        .cfi_adjust_cfa_offset 48
        .cfi_rel_offset x29, 0
        .cfi_rel_offset x30, 8
        ldr     x0, [x22, #16]
        mov     x1, x20
        add     x2, sp, #16
        mov     x29, sp
        adrp    x8, sw_decide_step
        ldr     x8, [x8, :lo12:sw_decide_step]
        blr     x8
        ldp     x9, x3, [sp, #16]       // action, first
        ldr     x4, [sp, #32]           // second
        ldp     x29, x30, [sp], #48
        .cfi_adjust_cfa_offset -48
        .cfi_restore x29
        .cfi_restore x30
        cmp     x9, #1
        b.hi    .Lcall
        b.eq    .Lpark
        ldr     x16, [x22, #8]
        br      x16

.Lpark: ldr     x2, [x22, #16]          // the record begins with the context
        add     x22, x22, #24
        b       sw_soft_park
.Lresumed:
        hint    #34
        ldr     x22, [x22]
        mov     x20, xzr
        b       .Lstep

.Lcall: add     x0, x22, #48            // the callee's frame, where it fits
        ldr     w10, [x9, #4]           // and its size
        cmp     w10, #32
        b.hi    .Lallocate
.Lenter:
        adr     x10, .Lreturned
        stp     x22, x10, [x0]
        mov     x22, x0
        mov     x20, x3
        // No isolation.
        mov     x0, xzr
        mov     x1, xzr
        ldrsw   x16, [x9]
        add     x16, x9, x16
        br      x16
.Lallocate:
        stp     x29, x30, [sp, #-32]!
        .cfi_adjust_cfa_offset 32
        .cfi_rel_offset x29, 0
        .cfi_rel_offset x30, 8
        mov     x29, sp
        stp     x9, x3, [sp, #16]
        mov     w0, w10
        bl      swift_task_alloc
        ldp     x9, x3, [sp, #16]
        ldp     x29, x30, [sp], #32
        .cfi_adjust_cfa_offset -32
        .cfi_restore x29
        .cfi_restore x30
        b       .Lenter

.Lreturned:
        hint    #34
        mov     x0, x22
        ldr     x22, [x22]
        add     x9, x22, #48
        cmp     x0, x9
        b.eq    .Lstep
        stp     x29, x30, [sp, #-16]!
        .cfi_adjust_cfa_offset 16
        .cfi_rel_offset x29, 0
        .cfi_rel_offset x30, 8
        mov     x29, sp
        bl      swift_task_dealloc
        ldp     x29, x30, [sp], #16
        .cfi_adjust_cfa_offset -16
        .cfi_restore x29
        .cfi_restore x30
        b       .Lstep
        .cfi_endproc
        .size   sw_run_bodies, .-sw_run_bodies
#endif

// On every architecture: an object without this note would make the whole program's stack executable.
        .section .note.GNU-stack,"",%progbits
