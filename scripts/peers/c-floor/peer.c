// SPDX-License-Identifier: Apache-2.0
//
// The protocol. See ../README.md.

#include "peer.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

struct workload {
    const char *name;
    struct result (*run)(void);
    void (*serve)(int listener);
};

static const struct workload workloads[] = {
    {"ping-pong", ping_pong, NULL},   {"yield", yields, NULL},     {"ring", ring, NULL},
    {"timers", timers, NULL},         {"echo", NULL, serve_echo},  {"http-server", NULL, serve_page},
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

void fail(const char *sentence) {
    printf("{\"error\": \"%s\"}\n", sentence);
    exit(1);
}

static int announce(void) {
    printf("{\"protocol\": 1, \"floor\": true, \"name\": \"c-floor\", \"version\": \"gcc " __VERSION__ "\", \"workloads\": [");
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
        total.nanoseconds += result.nanoseconds;
        total.answer = result.answer;
    }
    printf("{\"nanoseconds\": %ld, \"answer\": %ld", total.nanoseconds, total.answer);
    if (workload->run == timers) print_lateness(times);
    puts("}");
    fflush(stdout);
}

static void answer_listen(const struct workload *workload) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, SOMAXCONN) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        fail("the port cannot be listened on");
    }
    printf("{\"port\": %d}\n", ntohs(address.sin_port));
    fflush(stdout);
    workload->serve(listener);
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "announce") == 0) return announce();
    for (size_t index = 0; count > 1 && index < workload_count; ++index) {
        const struct workload *workload = &workloads[index];
        if (strcmp(arguments[1], workload->name) != 0) continue;
        settings = arguments + 2;
        char line[64];
        long times;
        while (fgets(line, sizeof line, stdin) != NULL) {
            if (workload->run != NULL && sscanf(line, "run %ld", &times) == 1) answer_run(workload, times);
            else if (workload->serve != NULL && strcmp(line, "listen\n") == 0) answer_listen(workload);
            else fail("the line is not understood");
        }
        return 0;
    }
    fputs("usage: peer announce | peer WORKLOAD NAME=VALUE ...\n", stderr);
    return 2;
}
