// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)
//
// A swap with a distinct value in every register that it must preserve.

        .text
        .globl  check_swap
        .type   check_swap, @function
        .p2align 4
// uint64_t check_swap(void **save /* rdi */, void *load /* rsi */, uint64_t pattern /* rdx */)
// Returns the bits in which the registers differ from their former values; 0 is correct.
check_swap:
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
        pushq   %rdx
        .cfi_adjust_cfa_offset 8
        leaq    1(%rdx), %rbx
        leaq    2(%rdx), %rbp
        leaq    3(%rdx), %r12
        leaq    4(%rdx), %r13
        leaq    5(%rdx), %r14
        leaq    6(%rdx), %r15
        callq   sw_swap
        popq    %rdx
        .cfi_adjust_cfa_offset -8
        subq    %rdx, %rbx
        xorq    $1, %rbx
        subq    %rdx, %rbp
        xorq    $2, %rbp
        subq    %rdx, %r12
        xorq    $3, %r12
        subq    %rdx, %r13
        xorq    $4, %r13
        subq    %rdx, %r14
        xorq    $5, %r14
        subq    %rdx, %r15
        xorq    $6, %r15
        movq    %rbx, %rax
        orq     %rbp, %rax
        orq     %r12, %rax
        orq     %r13, %rax
        orq     %r14, %rax
        orq     %r15, %rax
        popq    %r15
        .cfi_adjust_cfa_offset -8
        popq    %r14
        .cfi_adjust_cfa_offset -8
        popq    %r13
        .cfi_adjust_cfa_offset -8
        popq    %r12
        .cfi_adjust_cfa_offset -8
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        retq
        .cfi_endproc
        .size   check_swap, .-check_swap
#endif

        .section .note.GNU-stack,"",%progbits
