// SPDX-License-Identifier: Apache-2.0
//
// A line of text that a signal handler puts together: no memory is allocated, and what does not fit is left out.

#ifndef SWITCHYARD_LINE_H
#define SWITCHYARD_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

typedef struct line {
    char bytes[1024];
    size_t count;
} line;

static inline void add_bytes(line *line, const char *bytes, size_t count) {
    size_t room = sizeof line->bytes - line->count;
    if (count > room) count = room;
    memcpy(line->bytes + line->count, bytes, count);
    line->count += count;
}

static inline void add_text(line *line, const char *text) { add_bytes(line, text, strlen(text)); }

static inline void add_number(line *line, uint64_t number) {
    char digits[20];
    size_t first = sizeof digits;
    do digits[--first] = (char)('0' + number % 10);
    while (number /= 10);
    add_bytes(line, digits + first, sizeof digits - first);
}

static inline void write_line(const line *line) { (void)!write(STDERR_FILENO, line->bytes, line->count); }

#endif
