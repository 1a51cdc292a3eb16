// SPDX-License-Identifier: Apache-2.0
//
// Checks that the profiler correctly identifies the frame between a signal handler and the code that it interrupted.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "trampoline.h"

#include <signal.h>
#include <ucontext.h>
#include <unwind.h>

#include "checks.h"

enum { most_frames = 64 };

static uintptr_t addresses[most_frames], interrupted;
static int count;

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *argument) {
    (void)argument;
    if (count == most_frames) return _URC_NORMAL_STOP;
    addresses[count++] = _Unwind_GetIP(context);
    return _URC_NO_REASON;
}

static void look_around(int number, siginfo_t *information, void *argument) {
    (void)number;
    (void)information;
    const mcontext_t *context = &((const ucontext_t *)argument)->uc_mcontext;
#if defined(__x86_64__)
    interrupted = (uintptr_t)context->gregs[REG_RIP];
#elif defined(__aarch64__)
    interrupted = (uintptr_t)context->pc;
#endif
    _Unwind_Backtrace(note_frame, NULL);
}

void check_trampoline(void) {
    uintptr_t trampoline = (uintptr_t)find_trampoline();
    expect(trampoline != 0, "the handler's return address is found");
    // Another signal and another kind of handler: all share one trampoline.
    struct sigaction action = {.sa_sigaction = look_around, .sa_flags = SA_SIGINFO | SA_RESTART}, before;
    sigaction(SIGUSR1, &action, &before);
    raise(SIGUSR1);
    sigaction(SIGUSR1, &before, NULL);
    int place = 0;
    while (place < count && addresses[place] != trampoline) place++;
    expect(place + 1 < count, "it is in a handler's trace, and not last");
    expect(place + 1 < count && addresses[place + 1] == interrupted, "the interrupted code follows it");
}
