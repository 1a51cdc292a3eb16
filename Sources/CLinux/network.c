// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    int result = write(file, text, strlen(text)) < 0 ? -errno : 0;
    close(file);
    return result;
}

// Gives a user the same number inside the new namespace as outside.
static int map(const char *path, unsigned number) {
    char line[64];
    snprintf(line, sizeof line, "%u %u 1", number, number);
    return write_file(path, line);
}

// A network namespace takes privileges, which every user has in a user namespace of its own.
static int enter_namespaces(void) {
    if (unshare(CLONE_NEWNET) == 0) return 0;
    if (errno != EPERM) return -errno;
    unsigned user = geteuid(), group = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return -errno;
    int result = write_file("/proc/self/setgroups", "deny");
    if (result == 0) result = map("/proc/self/uid_map", user);
    return result == 0 ? map("/proc/self/gid_map", group) : result;
}

static int start_loopback(void) {
    int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (any < 0) return -errno;
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int result = ioctl(any, SIOCSIFFLAGS, &loopback) < 0 ? -errno : 0;
    close(any);
    return result;
}

static int leave(void) {
    int result = enter_namespaces();
    return result == 0 ? start_loopback() : result;
}

// Whether it can be done, which a child finds out: what is done in part cannot be undone.
static int rehearse(void) {
    pid_t child = fork();
    if (child < 0) return -errno;
    if (child == 0) _exit(-leave());
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return -errno;
    }
    return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

int linux_leave_network(void) {
    int result = rehearse();
    return result == 0 ? leave() : result;
}
