// SPDX-License-Identifier: Apache-2.0
//
// Swift strings as a signal handler can read them: by their two words, without the library.
//
// The top byte of the second word says which form a string has (the standard library's StringObject.swift): up to 15
// bytes lie in the words themselves; those of a larger one follow a header of 32 bytes. An optional string that is nil
// has a second word of zero.

#include "CSwitch.h"

const char *sw_string_bytes(const uint64_t *words, size_t *count) {
    enum { is_small = 0x20, small_count = 0x0f, is_foreign = 0x10, follows_header = 0x10, header = 32 };
    uint8_t form = (uint8_t)(words[1] >> 56);
    if (words[1] == 0 || form & is_foreign) return NULL;
    if (form & is_small) {
        *count = form & small_count;
        return (const char *)words;
    }
    if (!((words[0] >> 56) & follows_header)) return NULL;
    *count = words[0] & 0xffffffffffff;
    return (const char *)(uintptr_t)(words[1] & 0x0fffffffffffffff) + header;
}
