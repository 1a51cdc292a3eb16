// SPDX-License-Identifier: Apache-2.0
//
// The Swift runtime's per-thread words.
//
// The concurrency library keeps four words in thread-local storage: the thread id, the active task, the executor
// tracking information and the fallback task-local storage. The standard library keeps the exclusivity access set.
// Their addresses are not exported. But the loader knows each module's TLS block, and for a module loaded at startup
// (static TLS) the block has the same offset from the thread pointer in every thread. The code below finds the words in
// the blocks by what the runtime stores there when it is asked to, and relies on nothing that it has not seen, because
// another version of the runtime may differ.
//
// The libraries are modules of their own, whose blocks hold these words and nothing else; or they are linked into the
// program, whose block holds them among others.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "runtime.h"

#include <link.h>
#include <pthread.h>

struct sw_runtime_layout sw_runtime;
__thread void *sw_thread_current;
__thread void *sw_thread_scheduler;
__thread bool sw_thread_holds_lock;
__thread void **sw_thread_capture;

#define SWIFTCC __attribute__((swiftcall))
extern SWIFTCC void *swift_task_getCurrent(void);
extern SWIFTCC size_t swift_task_getJobFlags(void *task);
extern void swift_beginAccess(void *pointer, void *buffer, uintptr_t flags, void *pc);
extern void swift_endAccess(void *buffer);
extern void *swift_retain(void *object);
extern void *swift_retain_n(void *object, uint32_t count);
extern void *swift_nonatomic_retain(void *object);
extern SWIFTCC void swift_task_localValuePush(const void *key, void *value, const void *type);
extern SWIFTCC void swift_task_localValuePop(void);
/// The metadata of `Int`.
extern const char swift_int_type __asm__("$sSiN");
extern void swift_release(void *object);
extern void swift_release_n(void *object, uint32_t count);

void *sw_active_task(void) { return swift_task_getCurrent(); }

void *sw_accesses(void) { return sw_runtime.concurrency ? *sw_access_set() : NULL; }

void sw_set_accesses(void *head) {
    if (sw_runtime.concurrency) *sw_access_set() = head;
}

enum { flag_child_task = 1 << 24 };  // JobFlags::Task_IsChildTask in the runtime's include/swift/ABI/MetadataValues.h

bool sw_is_child_task(uintptr_t task) { return swift_task_getJobFlags((void *)task) & flag_child_task; }

void sw_retain(void *object) { swift_retain(object); }

void sw_release(void *object) { swift_release(object); }

void sw_retain_times(void *object, uint32_t count) { swift_retain_n(object, count); }

void sw_release_times(void *object, uint32_t count) { swift_release_n(object, count); }

void sw_retain_unshared(void *object) { swift_nonatomic_retain(object); }

/// The thread-local storage of a module, in the calling thread.
struct block {
    void **words;
    size_t count;
};

/// The blocks of the modules that contain the two libraries.
struct blocks {
    struct block concurrency, core;
};

static bool contains(const struct dl_phdr_info *module, const void *address) {
    for (int i = 0; i < module->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &module->dlpi_phdr[i];
        uintptr_t start = module->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && (uintptr_t)address - start < segment->p_memsz) return true;
    }
    return false;
}

static int find_blocks(struct dl_phdr_info *module, size_t size, void *found) {
    (void)size;
    struct blocks *blocks = found;
    if (!module->dlpi_tls_data) return 0;
    struct block block = {module->dlpi_tls_data, 0};
    for (int i = 0; i < module->dlpi_phnum; i++)
        if (module->dlpi_phdr[i].p_type == PT_TLS) block.count = module->dlpi_phdr[i].p_memsz / sizeof(void *);
    if (contains(module, swift_task_getCurrent)) blocks->concurrency = block;
    if (contains(module, swift_beginAccess)) blocks->core = block;
    return 0;
}

static ptrdiff_t offset(void *const *word) { return (char *)word - (char *)__builtin_thread_pointer(); }

/// Finds the word of a block that holds a value; null if no word holds it, or more than one does.
static void **find(struct block block, const void *value) {
    void **found = NULL;
    for (size_t i = 0; i < block.count; i++) {
        if (block.words[i] != value) continue;
        if (found) return NULL;
        found = &block.words[i];
    }
    return found;
}

/// The word that has the innermost exclusive access; null if it is not found.
static void **find_access_set(struct block core) {
    void *buffer[3] = {0};
    char target = 0;
    enum { modify_and_track = 0x1 | 0x20 };
    swift_beginAccess(&target, buffer, modify_and_track, NULL);
    void **set = find(core, buffer);
    swift_endAccess(buffer);
    return set && *set != buffer ? set : NULL;
}

static bool is_on_this_stack(const void *address) {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return false;
    void *start = NULL;
    size_t size = 0;
    pthread_attr_getstack(&attributes, &start, &size);
    pthread_attr_destroy(&attributes);
    return (uintptr_t)address - (uintptr_t)start < size - 3 * sizeof(void *);
}

/// The first of the four words, in a thread that runs a task on an executor; null if it is not found.
static void **find_task_words(struct block concurrency, const void *executor) {
    void *task = swift_task_getCurrent();
    void **active = task ? find(concurrency, task) : NULL;
    if (!active || active == concurrency.words || active + 2 >= concurrency.words + concurrency.count) return NULL;
    // It is a local variable of the function that runs the job. A job on a generic executor has no serial executor, and
    // its preferred task executor comes after that.
    void **tracking = active[1];
    if (!is_on_this_stack(tracking) || tracking[0] || tracking[2] != executor) return NULL;
    return active - 1;
}

/// What a thread without a task finds out.
struct second_look {
    struct sw_runtime_layout layout;
    bool confirms;
};

/// Whether the words are at the same place in this thread, and the last of them is the fallback task-local storage.
static void *look_again(void *argument) {
    struct second_look *look = argument;
    struct blocks blocks = {0};
    // Touch the runtime's words in this thread, or a lazily allocated block would not exist yet.
    if (swift_task_getCurrent()) return NULL;
    dl_iterate_phdr(find_blocks, &blocks);
    void **set = find_access_set(blocks.core);
    if (!set || offset(set) != look->layout.core) return NULL;
    void **words = (void **)((char *)__builtin_thread_pointer() + look->layout.concurrency);
    void **end = blocks.concurrency.words + blocks.concurrency.count;
    if (words < blocks.concurrency.words || words + sw_word_locals >= end) return NULL;
    if (words[sw_word_task] || words[sw_word_tracking] || words[sw_word_locals]) return NULL;
    intptr_t value = 0;
    swift_task_localValuePush(look, &value, &swift_int_type);
    bool shown = words[sw_word_locals] != NULL;
    swift_task_localValuePop();
    look->confirms = shown && !words[sw_word_locals];
    return NULL;
}

/// Whether the blocks hold as many words as those of a known version, where they can be counted.
static bool have_known_sizes(struct blocks blocks, bool is_known_version) {
    enum { concurrency_words = 4, core_words = 3 };
    if (blocks.concurrency.words == blocks.core.words) return is_known_version;
    return blocks.concurrency.count == concurrency_words && blocks.core.count == core_words;
}

static bool verify(const void *executor, bool is_known_version) {
#if !defined(__x86_64__) && !defined(__aarch64__)
    return false;  // no guaranteed tail calls between async functions
#endif
    struct blocks blocks = {0};
    dl_iterate_phdr(find_blocks, &blocks);
    if (!blocks.concurrency.words || !blocks.core.words || !have_known_sizes(blocks, is_known_version)) return false;
    void **words = find_task_words(blocks.concurrency, executor);
    void **set = find_access_set(blocks.core);
    if (!words || !set) return false;
    struct second_look look = {.layout = {.concurrency = offset(words), .core = offset(set)}};
    pthread_t thread;
    if (pthread_create(&thread, NULL, look_again, &look) != 0) return false;
    pthread_join(thread, NULL);
    if (look.confirms) sw_runtime = look.layout;
    return look.confirms;
}

bool sw_runtime_verify(const void *executor, bool is_known_version) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static enum { unknown, good, bad } verdict = unknown;
    pthread_mutex_lock(&lock);
    if (verdict == unknown) verdict = verify(executor, is_known_version) ? good : bad;
    bool answer = verdict == good;
    pthread_mutex_unlock(&lock);
    return answer;
}
