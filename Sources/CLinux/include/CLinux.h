// SPDX-License-Identifier: Apache-2.0

// What the Swift overlay of the C library leaves out.

#ifndef SWITCHYARD_CLINUX_H
#define SWITCHYARD_CLINUX_H

#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// Declared by <sched.h> only where _GNU_SOURCE came first, which a module cannot count on.
int sched_getaffinity(pid_t thread, size_t size, cpu_set_t *mask);
int sched_setaffinity(pid_t thread, size_t size, const cpu_set_t *mask);

#endif
