// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CAcceptFaults.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local int fault;
static _Thread_local int left;
static _Thread_local int failed;

void fail_accepts(int code, int times) {
    fault = code;
    left = times;
}

int failed_accepts(void) { return failed; }

int accept4(int descriptor, struct sockaddr *address, socklen_t *size, int flags) {
    if (left == 0) return (int)syscall(SYS_accept4, descriptor, address, size, flags);
    left--;
    failed++;
    errno = fault;
    return -1;
}
