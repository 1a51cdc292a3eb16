// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
//
// The function of a task that runs one body after another, explained in task.c, for x86-64: r14 holds an async
// function's context, and r13 what its closure has captured, or, when it returns, the error that it has thrown.
//
// The frame, in the task's own memory: word 0 the caller's frame, word 1 what continues the caller, word 2 the owner's
// record. Words 3 and 4 are the frame of a call that parks: this frame, and what continues it. From word 6 on, 32 bytes
// are for the frame of a callee: as many as a closure with captures takes, which calls on with a frame of its own.

        .text
        .globl  sw_run_bodies
        .hidden sw_run_bodies
        .type   sw_run_bodies, @function
        .p2align 4
// void sw_run_bodies(void *record /* r13 */)
sw_run_bodies:
        .cfi_startproc
        movq    %r13, 16(%r14)
        movq    %r14, 24(%r14)
        leaq    .Lresumed(%rip), %rax
        movq    %rax, 32(%r14)
        xorl    %r13d, %r13d
        // Asks for the next step; r13 is the error, or 0.
.Lstep: movq    16(%r14), %rdi
        movq    %r13, %rsi
        subq    $24, %rsp
        .cfi_adjust_cfa_offset 24
        movq    %rsp, %rdx
        callq   *sw_decide_step(%rip)
        movq    (%rsp), %rax            // action
        movq    8(%rsp), %rcx           // first
        movq    16(%rsp), %r8           // second
        addq    $24, %rsp
        .cfi_adjust_cfa_offset -24
        cmpq    $1, %rax
        ja      .Lcall
        je      .Lpark
        jmpq    *8(%r14)

.Lpark: movq    16(%r14), %rdx          // the record begins with the context
        addq    $24, %r14
        jmp     sw_soft_park
.Lresumed:
        movq    (%r14), %r14
        xorl    %r13d, %r13d
        jmp     .Lstep

.Lcall: leaq    48(%r14), %rdx          // the callee's frame, where it fits
        movl    4(%rax), %edi           // and its size
        cmpl    $32, %edi
        ja      .Lallocate
.Lenter:
        movq    %rcx, %r13
        movq    %r14, (%rdx)
        leaq    .Lreturned(%rip), %rcx
        movq    %rcx, 8(%rdx)
        movq    %rdx, %r14
        // No isolation.
        xorl    %edi, %edi
        xorl    %esi, %esi
        movslq  (%rax), %rcx
        addq    %rcx, %rax
        jmpq    *%rax
.Lallocate:
        pushq   %rax
        .cfi_adjust_cfa_offset 8
        pushq   %rcx
        .cfi_adjust_cfa_offset 8
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        callq   swift_task_alloc@PLT
        movq    %rax, %rdx
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        popq    %rcx
        .cfi_adjust_cfa_offset -8
        popq    %rax
        .cfi_adjust_cfa_offset -8
        jmp     .Lenter

.Lreturned:
        movq    %r14, %rdi
        movq    (%r14), %r14
        leaq    48(%r14), %rax
        cmpq    %rax, %rdi
        je      .Lstep
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        callq   swift_task_dealloc@PLT
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        jmp     .Lstep
        .cfi_endproc
        .size   sw_run_bodies, .-sw_run_bodies
#endif

// On every architecture: an object without this note would make the whole program's stack executable.
        .section .note.GNU-stack,"",%progbits
