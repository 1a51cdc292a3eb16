// SPDX-License-Identifier: Apache-2.0
//
// Stacks in user space.

#ifndef STACK_H
#define STACK_H

// A stack that does not run: its callee-saved registers are at `top`. One that runs is a place to save them.
struct stack {
    void *top;
};

// Saves the running stack in `from`, and goes on with `to`.
void swap(struct stack *from, struct stack *to);

// Memory for a number of stacks.
char *allocate_stacks(long count);
void free_stacks(char *memory);

// Prepares stack number `index` of the memory so that it begins with a call of `body`, which never returns.
void prepare(struct stack *stack, char *memory, long index, void (*body)(void *), void *argument);

#endif
