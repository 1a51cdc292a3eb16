// SPDX-License-Identifier: Apache-2.0
//
// Usage: switch-checks SWAPS

#include <stdlib.h>

#include "checks.h"

/// Replaces the one in runtime.c, which needs a Swift runtime; at zero, there are no words to carry along.
struct sw_runtime_layout sw_runtime;
__thread void *sw_thread_current;

static int checks, failures;

void expect(bool holds, const char *what) {
    checks++;
    if (holds) return;
    failures++;
    printf("failed: %s\n", what);
}

int main(int count, char **arguments) {
    uint64_t swaps = count > 1 ? strtoull(arguments[1], NULL, 10) : 1000000;
    check_swaps(swaps);
    check_parking();
    check_bodies();
    check_unwinding();
    check_trampoline();
    check_stacks();
    check_refuge();
    check_regions();
    printf("%d checks, %d failed, %llu swaps, %.1f ns a swap\n", checks, failures, (unsigned long long)swaps,
           sw_measure_bare_swap(swaps / 10 + 1));
    return failures ? 1 : 0;
}
