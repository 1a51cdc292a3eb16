// SPDX-License-Identifier: Apache-2.0
//
// The Swift runtime's per-thread words.
//
// libswift_Concurrency keeps four words in thread-local storage: the thread id, the active task, the executor tracking
// information and the fallback task-local storage. libswiftCore keeps three, the first of which is the exclusivity
// access set. Their addresses are not exported. But the loader knows each module's TLS block, and for a library loaded
// at startup (static TLS) the block has the same offset from the thread pointer in every thread. The code below
// verifies all of this before relying on it, because another version of the runtime may differ.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "runtime.h"

#include <link.h>
#include <pthread.h>
#include <string.h>

struct sw_runtime_layout sw_runtime;
__thread void *sw_thread_current;
__thread void *sw_thread_scheduler;
__thread bool sw_thread_holds_lock;
__thread void **sw_thread_capture;

#define SWIFTCC __attribute__((swiftcall))
extern SWIFTCC void *swift_task_getCurrent(void);
extern SWIFTCC bool swift_task_isCancelled(void *task);
extern SWIFTCC size_t swift_task_getJobFlags(void *task);
extern void swift_beginAccess(void *pointer, void *buffer, uintptr_t flags, void *pc);
extern void swift_endAccess(void *buffer);
extern void *swift_retain(void *object);
extern void swift_release(void *object);

void *sw_active_task(void) { return swift_task_getCurrent(); }

void *sw_accesses(void) { return sw_runtime.concurrency ? *sw_access_set() : NULL; }

void sw_set_accesses(void *head) {
    if (sw_runtime.concurrency) *sw_access_set() = head;
}

bool sw_is_cancelled(uintptr_t task) { return swift_task_isCancelled((void *)task); }

enum { flag_child_task = 1 << 24 };  // JobFlags::Task_IsChildTask in the runtime's include/swift/ABI/MetadataValues.h

bool sw_is_child_task(uintptr_t task) { return swift_task_getJobFlags((void *)task) & flag_child_task; }

void sw_retain(void *object) { swift_retain(object); }

void sw_release(void *object) { swift_release(object); }

enum { concurrency_words = 4, core_words = 3 };

static int find_blocks(struct dl_phdr_info *module, size_t size, void *found) {
    (void)size;
    struct sw_runtime_layout *layout = found;
    bool concurrency = strstr(module->dlpi_name, "libswift_Concurrency.so") != NULL;
    bool core = strstr(module->dlpi_name, "libswiftCore.so") != NULL;
    if (!(concurrency || core) || !module->dlpi_tls_data) return 0;
    size_t words = 0;
    for (int i = 0; i < module->dlpi_phnum; i++)
        if (module->dlpi_phdr[i].p_type == PT_TLS) words = module->dlpi_phdr[i].p_memsz / sizeof(void *);
    if (words != (concurrency ? concurrency_words : core_words)) return 0;
    ptrdiff_t distance = (char *)module->dlpi_tls_data - (char *)__builtin_thread_pointer();
    *(concurrency ? &layout->concurrency : &layout->core) = distance;
    return 0;
}

static void *find_in_another_thread(void *found) {
    // Touch the runtime's words in this thread, or a lazily allocated block would not exist yet.
    (void)swift_task_getCurrent();
    dl_iterate_phdr(find_blocks, found);
    return NULL;
}

/// Begins an exclusive access and checks that it appears at the presumed location of the access set.
static bool access_set_is_at(ptrdiff_t core) {
    void **set = (void **)((char *)__builtin_thread_pointer() + core);
    void *buffer[3] = {0};
    char target = 0;
    enum { modify_and_track = 0x1 | 0x20 };
    void *before = *set;
    swift_beginAccess(&target, buffer, modify_and_track, NULL);
    bool shown = *set == buffer;
    swift_endAccess(buffer);
    return shown && *set == before;
}

static bool verify(const void *executor) {
#if !defined(__x86_64__) && !defined(__aarch64__)
    return false;  // no guaranteed tail calls between async functions
#endif
    struct sw_runtime_layout here = {0}, there = {0};
    dl_iterate_phdr(find_blocks, &here);
    if (!here.concurrency || !here.core) return false;
    pthread_t thread;
    if (pthread_create(&thread, NULL, find_in_another_thread, &there) != 0) return false;
    pthread_join(thread, NULL);
    if (here.concurrency != there.concurrency || here.core != there.core) return false;

    void **words = (void **)((char *)__builtin_thread_pointer() + here.concurrency);
    void *task = swift_task_getCurrent();
    if (!task || words[1] != task) return false;
    // A job on a generic executor has no serial executor, and its preferred task executor comes after that.
    void **tracking = words[2];
    if (!tracking || tracking[0] || tracking[2] != executor) return false;
    if (!access_set_is_at(here.core)) return false;
    sw_runtime = here;
    return true;
}

bool sw_runtime_verify(const void *executor) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static enum { unknown, good, bad } verdict = unknown;
    pthread_mutex_lock(&lock);
    if (verdict == unknown) verdict = verify(executor) ? good : bad;
    bool answer = verdict == good;
    pthread_mutex_unlock(&lock);
    return answer;
}
