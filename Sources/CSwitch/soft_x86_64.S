// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
//
// Soft parking, as soft.c explains it, for x86-64: r14 holds the caller's context.
//
// In assembly because of who looks at the stack from outside. The compiler gives a C function with such a context an
// "extended" frame, in which a bit is added to the saved frame pointer, and says nothing of it in its unwinding rules:
// then nobody finds the way from there to the frames below, and a profile's stacks would end here. This function needs
// no frame at all.

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
        // Last of all: until here, whoever looks from outside sees the one that leaves.
        movq    %r8, %fs:(%rdi)
        jmpq    *8(%r14)
0:      movq    $0, %fs:8(%rax)
        movq    %r8, %fs:(%rdi)
        // In this convention the callee pops the arguments on the stack: none, and what aligns them.
        retq    $8
        .cfi_endproc
        .size   sw_soft_park, .-sw_soft_park
#endif

// On every architecture: an object without this note makes the whole program's stack executable.
        .section .note.GNU-stack,"",%progbits
