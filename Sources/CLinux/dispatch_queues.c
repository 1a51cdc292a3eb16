// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

// What libdispatch provides, the last two for run loops, such as CoreFoundation's; null where libdispatch is not
// loaded.
extern int _dispatch_get_main_queue_handle_4CF(void) __attribute__((weak));
extern void *dispatch_get_current_queue(void) __attribute__((weak));
extern const char *dispatch_queue_get_label(void *queue) __attribute__((weak));
extern unsigned dispatch_queue_get_qos_class(void *queue, int *relative_priority) __attribute__((weak));
extern void _dispatch_main_queue_callback_4CF(void *message) __attribute__((weak));

int linux_is_main_thread(void) { return gettid() == getpid(); }

int linux_main_queue(void) {
    if (!linux_is_main_thread() || !_dispatch_get_main_queue_handle_4CF || !_dispatch_main_queue_callback_4CF) return -1;
    return _dispatch_get_main_queue_handle_4CF();
}

unsigned linux_queue_class(const char *label) {
    if (!dispatch_queue_get_label || !dispatch_get_current_queue || !dispatch_queue_get_qos_class) return 0;
    if (strcmp(dispatch_queue_get_label(NULL), label) != 0) return 0;
    return dispatch_queue_get_qos_class(dispatch_get_current_queue(), NULL);
}

void linux_main_queue_run(void) {
    if (linux_is_main_thread()) _dispatch_main_queue_callback_4CF(NULL);
}
