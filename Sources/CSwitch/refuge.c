// SPDX-License-Identifier: Apache-2.0
//
// The way back to a stack on which frames are left that will never return.
//
// A stack swap cannot do this: it saves the registers in a frame above, which the calls that follow overwrite. So they
// are kept in a frame that stays, by setjmp(3), which the runtime's words and the signal mask are not part of: the
// former are saved beside it, the latter belongs to the thread.

#include <setjmp.h>
#include <string.h>

#include "runtime.h"

static void copy_words(void *saved[4], bool back) {
    if (!sw_runtime.concurrency) return;
    void **words = sw_concurrency_words();
    void **access = sw_access_set();
    if (!back) {
        memcpy(saved, words + sw_word_task, 3 * sizeof *saved);
        saved[3] = *access;
    } else {
        memcpy(words + sw_word_task, saved, 3 * sizeof *saved);
        *access = saved[3];
    }
}

void sw_refuge_run(sw_refuge *refuge, void (*body)(void *), void *argument) {
    jmp_buf place;
    refuge->place = &place;
    copy_words(refuge->runtime, false);
    if (_setjmp(place) == 0) body(argument);
    refuge->place = NULL;
}

void sw_refuge_return(sw_refuge *refuge) {
    copy_words(refuge->runtime, true);
    sw_set_current(NULL);
    longjmp(*(jmp_buf *)refuge->place, 1);
}
