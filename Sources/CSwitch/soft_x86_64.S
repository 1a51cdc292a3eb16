// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
//
// Soft parking for x86-64, explained in soft.c: r14 holds the caller's context.
//
// It is in assembly for the sake of stack unwinders. The compiler gives a C function with such a context an "extended"
// frame, which sets a bit in the saved frame pointer, and its unwinding rules do not mention that. Unwinders could not
// get from there to the frames below, and a profile's stacks would end here. This function needs no frame at all.

        .text
        .globl  sw_soft_park
        .hidden sw_soft_park
        .type   sw_soft_park, @function
        .p2align 4
// void sw_soft_park(void *actor /* rdi */, void *witness /* rsi */,
//                   sw_context *from /* rdx */, sw_context *to /* rcx */, void *current /* r8 */)
sw_soft_park:
        .cfi_startproc
        movq    sw_runtime(%rip), %rax
        movq    sw_runtime+8(%rip), %rsi
        movq    sw_thread_current@gottpoff(%rip), %rdi
        movq    %fs:8(%rax), %r9
        movq    %r9, 8(%rdx)            // from->task
        movq    %fs:(%rsi), %r9
        movq    %r9, 16(%rdx)           // from->access
        movq    %r14, (%rdx)            // from->frame
        testq   %rcx, %rcx
        je      0f
        movq    8(%rcx), %r9            // to->task
        movq    %r9, %fs:8(%rax)
        movq    16(%rcx), %r9           // to->access
        movq    %r9, %fs:(%rsi)
        movq    (%rcx), %r14            // to->frame
        movq    $0, (%rcx)
        // Must come last: until here, an observer such as a profiler attributes the thread to the tasklet that parks.
        movq    %r8, %fs:(%rdi)
        jmpq    *8(%r14)
0:      movq    $0, %fs:8(%rax)
        movq    %r8, %fs:(%rdi)
        // In this convention the callee pops the stack arguments: none, and the word that aligns them.
        retq    $8
        .cfi_endproc
        .size   sw_soft_park, .-sw_soft_park
#endif

// On every architecture: an object without this note would make the whole program's stack executable.
        .section .note.GNU-stack,"",%progbits
