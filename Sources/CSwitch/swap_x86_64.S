// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__) && !defined(SWITCHYARD_UCONTEXT)
//
// The System V x86-64 stack swap.
//
// The layout of a suspended stack, from its saved stack pointer upwards:
//
//      +------+------+------+------+------+------+---------------+----------------
//      |  r15 |  r14 |  r13 |  r12 |  rbx |  rbp | return address| caller's frame
//      +------+------+------+------+------+------+---------------+----------------
//        0      8      16     24     32     40     48              56
//
// These six are the registers that a callee must preserve; the caller of sw_swap has saved the others. The x87 control
// word and MXCSR are the same for all tasklets of a thread, and the signal mask belongs to the thread, so none of them
// is saved. The signal mask alone would cost two system calls.
//
// The jump at the end is deliberate: a `ret` would be predicted to return to the last caller on this stack, which is
// almost never where the other stack resumes.

        .text
        .globl  sw_swap
        .hidden sw_swap
        .type   sw_swap, @function
        .p2align 4
// void sw_swap(void **save /* rdi */, void *load /* rsi */)
sw_swap:
        .cfi_startproc
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r15, 0
        movq    %rsp, (%rdi)
        // Both stacks have the same frame here, so the unwinding rules hold on both sides of the next instruction.
        movq    %rsi, %rsp
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbp
        popq    %rax
        .cfi_adjust_cfa_offset -8
        .cfi_register %rip, %rax
        jmp     *%rax
        .cfi_endproc
        .size   sw_swap, .-sw_swap

// The outermost frame of a new stack: r12 holds the function, r13 its argument. An undefined return address tells
// unwinders that the stack ends here; so does the zero in rbp.
        .globl  sw_stack_start
        .hidden sw_stack_start
        .type   sw_stack_start, @function
        .p2align 4
sw_stack_start:
        .cfi_startproc
        .cfi_undefined %rip
        nop     // never executed, but unwinders look up the address before a return address
        movq    %r13, %rdi
        callq   *%r12
        ud2
        .cfi_endproc
        .size   sw_stack_start, .-sw_stack_start
#endif

// On every architecture: an object without this note would make the whole program's stack executable.
        .section .note.GNU-stack,"",%progbits
