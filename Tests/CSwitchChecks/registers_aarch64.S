// SPDX-License-Identifier: Apache-2.0
#if defined(__aarch64__)
//
// A swap with a distinct value in every register that it must preserve.

// The numbers in the general registers are ones that eor can encode.
        .macro  fill_general register, number
        add     \register, x2, #\number
        .endm

        .macro  fill_vector register, number
        add     x9, x2, #\number
        fmov    \register, x9
        .endm

        .macro  compare_general register, number
        sub     x10, \register, x2
        eor     x10, x10, #\number
        orr     x0, x0, x10
        .endm

        .macro  compare_vector register, number
        add     x9, x2, #\number
        fmov    x10, \register
        eor     x10, x10, x9
        orr     x0, x0, x10
        .endm

        .text
        .globl  check_swap
        .type   check_swap, %function
        .p2align 4
// uint64_t check_swap(void **save /* x0 */, void *load /* x1 */, uint64_t pattern /* x2 */)
// Returns the bits in which the registers differ from their former values; 0 is correct.
check_swap:
        .cfi_startproc
        stp     x29, x30, [sp, #-176]!
        .cfi_def_cfa_offset 176
        .cfi_offset x29, -176
        .cfi_offset x30, -168
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        stp     x27, x28, [sp, #80]
        stp     d8, d9, [sp, #96]
        stp     d10, d11, [sp, #112]
        stp     d12, d13, [sp, #128]
        stp     d14, d15, [sp, #144]
        str     x2, [sp, #160]
        fill_general x19, 1
        fill_general x20, 2
        fill_general x21, 3
        fill_general x22, 4
        fill_general x23, 6
        fill_general x24, 7
        fill_general x25, 8
        fill_general x26, 12
        fill_general x27, 14
        fill_general x28, 15
        fill_general x29, 16
        fill_vector d8, 17
        fill_vector d9, 18
        fill_vector d10, 19
        fill_vector d11, 20
        fill_vector d12, 21
        fill_vector d13, 22
        fill_vector d14, 23
        fill_vector d15, 24
        bl      sw_swap
        ldr     x2, [sp, #160]
        mov     x0, #0
        compare_general x19, 1
        compare_general x20, 2
        compare_general x21, 3
        compare_general x22, 4
        compare_general x23, 6
        compare_general x24, 7
        compare_general x25, 8
        compare_general x26, 12
        compare_general x27, 14
        compare_general x28, 15
        compare_general x29, 16
        compare_vector d8, 17
        compare_vector d9, 18
        compare_vector d10, 19
        compare_vector d11, 20
        compare_vector d12, 21
        compare_vector d13, 22
        compare_vector d14, 23
        compare_vector d15, 24
        ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
        ldp     d8, d9, [sp, #96]
        ldp     d10, d11, [sp, #112]
        ldp     d12, d13, [sp, #128]
        ldp     d14, d15, [sp, #144]
        ldp     x29, x30, [sp], #176
        .cfi_def_cfa_offset 0
        .cfi_restore x29
        .cfi_restore x30
        ret
        .cfi_endproc
        .size   check_swap, .-check_swap
#endif

        .section .note.GNU-stack,"",%progbits
