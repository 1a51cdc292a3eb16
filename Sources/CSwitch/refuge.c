// SPDX-License-Identifier: Apache-2.0
//
// The way back to a stack on which frames are left that will never return.
//
// A stack swap cannot do this: it saves the registers in a frame above, which the calls that follow overwrite. So they
// are kept in a frame that stays, by setjmp(3), which the runtime's words and the signal mask are not part of: the
// former are saved beside it, the latter belongs to the thread.

#include <setjmp.h>

#include "runtime.h"

void sw_refuge_run(sw_refuge *refuge, void (*body)(void *), void *argument) {
    jmp_buf place;
    refuge->place = &place;
    if (sw_runtime.concurrency) sw_save_words(refuge->runtime);
    if (_setjmp(place) == 0) body(argument);
    refuge->place = NULL;
}

void sw_refuge_return(sw_refuge *refuge) {
    if (sw_runtime.concurrency) sw_load_words(refuge->runtime);
    sw_set_current(NULL);
    longjmp(*(jmp_buf *)refuge->place, 1);
}
