// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"

#include <stddef.h>
#include <unistd.h>

// What libdispatch provides for run loops, such as CoreFoundation's; null where libdispatch is not loaded.
extern int _dispatch_get_main_queue_handle_4CF(void) __attribute__((weak));
extern void _dispatch_main_queue_callback_4CF(void *message) __attribute__((weak));

int linux_is_main_thread(void) { return gettid() == getpid(); }

int linux_main_queue(void) {
    if (!linux_is_main_thread() || !_dispatch_get_main_queue_handle_4CF || !_dispatch_main_queue_callback_4CF) return -1;
    return _dispatch_get_main_queue_handle_4CF();
}

void linux_main_queue_run(void) {
    if (linux_is_main_thread()) _dispatch_main_queue_callback_4CF(NULL);
}
