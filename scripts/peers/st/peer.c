// SPDX-License-Identifier: Apache-2.0
//
// The workloads on State Threads. See ../README.md for the protocol.

#include "peer.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// A workload is run, or listened to; hog is both.
struct workload {
    const char *name;
    struct result (*run)(void);
    int (*listen)(void);
    int events;
};

// How the library waits for events. Debian's has no epoll. Its default, select, takes no descriptor beyond 1,023; poll
// takes all, but knows only milliseconds, which does not matter where nobody sleeps.
enum { ANY_DEADLINES = ST_EVENTSYS_DEFAULT, MANY_SOCKETS = ST_EVENTSYS_POLL };

static const struct workload workloads[] = {
    {"ping-pong", ping_pong, NULL, ANY_DEADLINES},
    {"yield", yields, NULL, ANY_DEADLINES},
    {"ring", ring, NULL, ANY_DEADLINES},
    {"spawn-join", spawn_join, NULL, ANY_DEADLINES},
    {"skynet", skynet, NULL, ANY_DEADLINES},
    {"parked", parked, NULL, ANY_DEADLINES},
    {"timers", timers, NULL, ANY_DEADLINES},
    {"echo", NULL, listen_to_echo, MANY_SOCKETS},
    {"http-server", NULL, listen_to_page, MANY_SOCKETS},
    {"fan-out-http", NULL, listen_to_fan_out, ANY_DEADLINES},
    {"hog", hog, listen_to_echo, MANY_SOCKETS},
};
static const size_t workload_count = sizeof workloads / sizeof *workloads;

static char **settings;

long parameter(const char *name) {
    size_t length = strlen(name);
    for (char **each = settings; *each != NULL; ++each) {
        if (strncmp(*each, name, length) == 0 && (*each)[length] == '=') return atol(*each + length + 1);
    }
    fail("a parameter is missing");
}

long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory == NULL) fail("out of memory");
    return memory;
}

st_thread_t spawn(void *(*start)(void *), void *argument, bool joinable) {
    st_thread_t thread = st_thread_create(start, argument, joinable, 0);
    if (thread == NULL) fail("a thread cannot be created");
    return thread;
}

uint64_t split_mix(uint64_t seed) {
    uint64_t mixed = seed + 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return mixed ^ mixed >> 31;
}

void fail(const char *sentence) {
    printf("{\"error\": \"%s\"}\n", sentence);
    exit(1);
}

static int announce(void) {
    printf("{\"protocol\": 1, \"name\": \"st\", \"version\": \"State Threads " ST_VERSION "\", \"workloads\": [");
    for (size_t index = 0; index < workload_count; ++index) {
        printf("%s\"%s\"", index > 0 ? ", " : "", workloads[index].name);
    }
    puts("]}");
    return 0;
}

static void answer_run(const struct workload *workload, long times) {
    struct result total = {0};
    for (long time = 0; time < times; ++time) {
        struct result result = workload->run();
        total.measure += result.measure;
        total.answer = result.answer;
    }
    const char *measure = workload->run == parked ? "bytes" : "nanoseconds";
    printf("{\"%s\": %ld, \"answer\": %ld", measure, total.measure, total.answer);
    if (workload->run == timers) print_deadlines(times);
    puts("}");
    fflush(stdout);
}

// Waits for a line while other threads run; false at the end. The input has no buffer, in which a line would be missed.
static bool read_line(char *line, int size) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    st_poll(&input, 1, ST_UTIME_NO_TIMEOUT);
    return fgets(line, size, stdin) != NULL;
}

static void answer_lines(const struct workload *workload) {
    char line[64];
    long times;
    setvbuf(stdin, NULL, _IONBF, 0);
    while (read_line(line, sizeof line)) {
        if (workload->run != NULL && sscanf(line, "run %ld", &times) == 1) {
            answer_run(workload, times);
        } else if (workload->listen != NULL && strcmp(line, "listen\n") == 0) {
            printf("{\"port\": %d}\n", workload->listen());
            fflush(stdout);
        } else {
            fail("the line is not understood");
        }
    }
}

static st_utime_t microseconds(void) { return now() / 1000; }

static int start_library(int events) {
    signal(SIGPIPE, SIG_IGN);
    st_set_eventsys(events);
    // Instead of gettimeofday, which may be set back.
    st_set_utime_function(microseconds);
    int status = st_init();
    // Otherwise all stacks begin at the same offset in a page, and compete for the same cache lines.
    st_randomize_stacks(1);
    return status;
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "announce") == 0) return announce();
    for (size_t index = 0; count > 1 && index < workload_count; ++index) {
        if (strcmp(arguments[1], workloads[index].name) != 0) continue;
        settings = arguments + 2;
        if (start_library(workloads[index].events) != 0) return 1;
        answer_lines(&workloads[index]);
        return 0;
    }
    fputs("usage: peer announce | peer WORKLOAD NAME=VALUE ...\n", stderr);
    return 2;
}
