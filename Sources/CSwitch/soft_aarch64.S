// SPDX-License-Identifier: Apache-2.0
#if defined(__aarch64__)
//
// Soft parking for aarch64, explained in soft.c: x22 holds the caller's context. soft_x86_64.S says why it is in
// assembly.

        .text
        .globl  sw_soft_park
        .hidden sw_soft_park
        .type   sw_soft_park, %function
        .p2align 4
// void sw_soft_park(void *actor /* x0 */, void *witness /* x1 */,
//                   sw_context *from /* x2 */, sw_context *to /* x3 */, void *current /* x4 */)
sw_soft_park:
        .cfi_startproc
        hint    #34                     // bti c: a valid target of indirect calls under branch protection
        adrp    x9, sw_runtime
        add     x9, x9, :lo12:sw_runtime
        ldp     x10, x9, [x9]
        mrs     x8, TPIDR_EL0
        add     x10, x8, x10            // the words of libswift_Concurrency
        add     x9, x8, x9              // the access set
        adrp    x13, :gottprel:sw_thread_current
        ldr     x13, [x13, :gottprel_lo12:sw_thread_current]
        add     x13, x8, x13
        ldr     x11, [x10, #8]
        ldr     x12, [x9]
        str     x22, [x2]               // from->frame
        stp     x11, x12, [x2, #8]      // from->task, from->access
        cbz     x3, 0f
        ldr     x22, [x3]               // to->frame
        ldp     x11, x12, [x3, #8]      // to->task, to->access
        str     xzr, [x3]
        str     x11, [x10, #8]
        str     x12, [x9]
        // Must come last: until here, an observer such as a profiler attributes the thread to the tasklet that parks.
        str     x4, [x13]
        ldr     x16, [x22, #8]
        br      x16
0:      str     xzr, [x10, #8]
        str     x4, [x13]
        ret
        .cfi_endproc
        .size   sw_soft_park, .-sw_soft_park
#endif

// On every architecture: an object without this note would make the whole program's stack executable.
        .section .note.GNU-stack,"",%progbits
