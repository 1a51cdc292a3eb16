// SPDX-License-Identifier: Apache-2.0
//
// Access to the runtime's words for the switching code. Read the thread pointer anew after every switch: the compiler
// must not carry an address across one.

#ifndef SWITCHYARD_RUNTIME_H
#define SWITCHYARD_RUNTIME_H

#include "CSwitch.h"

enum { sw_word_task = 1, sw_word_tracking = 2, sw_word_locals = 3 };

static inline void **sw_concurrency_words(void) {
    return (void **)((char *)__builtin_thread_pointer() + sw_runtime.concurrency);
}

static inline void **sw_access_set(void) {
    return (void **)((char *)__builtin_thread_pointer() + sw_runtime.core);
}

/// Saves this thread's words, in an order of its own. The runtime is known.
static inline void sw_save_words(void *words[4]) {
    void **concurrency = sw_concurrency_words();
    words[0] = concurrency[sw_word_task];
    words[1] = concurrency[sw_word_tracking];
    words[2] = concurrency[sw_word_locals];
    words[3] = *sw_access_set();
}

/// Gives this thread words that were saved. The runtime is known.
static inline void sw_load_words(void *const words[4]) {
    void **concurrency = sw_concurrency_words();
    concurrency[sw_word_task] = words[0];
    concurrency[sw_word_tracking] = words[1];
    concurrency[sw_word_locals] = words[2];
    *sw_access_set() = words[3];
}

#endif
