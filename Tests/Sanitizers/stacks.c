// SPDX-License-Identifier: Apache-2.0
//
// Many coroutines, each parked 20 calls deep on a stack of its own. The thread sanitizer keeps one list of calls for
// each thread, with room for 65,536: with 20,000 coroutines it writes behind its end, and the program dies by SIGSEGV.
//
// clang -g -O1 -fsanitize=thread stacks.c -o stacks -ldispatch -lBlocksRuntime && ./stacks
// (with -L and -Wl,-rpath for the folder of Swift's libraries, which its clang's sanitizer refers to)

#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

static ucontext_t home, *coroutines;
static int next;

__attribute__((noinline)) static int park(int depth) {
    if (depth > 0) {
        volatile int result = park(depth - 1);
        return result + 1;
    }
    swapcontext(&coroutines[next], &home);
    return 0;
}

static void start(void) { park(20); }

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 20000;
    coroutines = calloc((size_t)count, sizeof *coroutines);
    for (next = 0; next < count; next++) {
        getcontext(&coroutines[next]);
        coroutines[next].uc_stack.ss_size = 65536;
        coroutines[next].uc_stack.ss_sp = malloc(65536);
        coroutines[next].uc_link = &home;
        makecontext(&coroutines[next], start, 0);
        swapcontext(&home, &coroutines[next]);
    }
    printf("%d parked\n", count);
}
