// SPDX-License-Identifier: Apache-2.0
//
// swap(from, to): saves the callee-saved registers on the stack, and the stack pointer in *from; then the same in
// reverse with *to. It jumps back instead of returning: the processor would predict a return to where the stack that
// it left was called from. The control words of floating point, which nobody changes, are not saved.
//
// swap_entry is where a new stack begins. Its frame has the argument in the first register, and the body in the second.

    .text
    .globl swap
    .globl swap_entry
    .hidden swap
    .hidden swap_entry
    .type swap, %function
    .type swap_entry, %function

#if defined(__x86_64__)

swap:
    pushq %rbp
    pushq %rbx
    pushq %r15
    pushq %r14
    pushq %r13
    pushq %r12
    movq %rsp, (%rdi)
    movq (%rsi), %rsp
    popq %r12
    popq %r13
    popq %r14
    popq %r15
    popq %rbx
    popq %rbp
    popq %rcx
    jmp *%rcx
    .size swap, . - swap

swap_entry:
    movq %r12, %rdi
    call *%r13
    ud2
    .size swap_entry, . - swap_entry

#elif defined(__aarch64__)

swap:
    sub sp, sp, #160
    stp x19, x20, [sp]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp d8, d9, [sp, #80]
    stp d10, d11, [sp, #96]
    stp d12, d13, [sp, #112]
    stp d14, d15, [sp, #128]
    stp x29, x30, [sp, #144]
    mov x9, sp
    str x9, [x0]
    ldr x9, [x1]
    mov sp, x9
    ldp x19, x20, [sp]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp d8, d9, [sp, #80]
    ldp d10, d11, [sp, #96]
    ldp d12, d13, [sp, #112]
    ldp d14, d15, [sp, #128]
    ldp x29, x30, [sp, #144]
    add sp, sp, #160
    br x30
    .size swap, . - swap

swap_entry:
    mov x0, x19
    blr x20
    brk #1
    .size swap_entry, . - swap_entry

#endif

    .section .note.GNU-stack, "", %progbits
