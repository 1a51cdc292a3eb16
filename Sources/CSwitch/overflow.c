// SPDX-License-Identifier: Apache-2.0
//
// Names the tasklet whose stack has overflowed.
//
// Below every stack is a guard. A fault there is an overflow; a fault anywhere else is left to the handler that was
// installed before, such as that of the Swift runtime's backtracer, or to the default action. The handler runs on an
// alternate stack, because the one that has overflowed is full; it only reads memory and calls write(2) and abort(3).

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CSwitch.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "line.h"

__thread bool sw_thread_is_guarded;

/// The thread's own stack, for tasklets that run on that.
static __thread struct {
    char *low;
    size_t size;
    /// Whether it was made for a tasklet, with the size that tasklets' stacks have.
    bool is_tasklets;
} own SW_THREAD;

static sw_tasklet_layout layout;
static struct sigaction previous;

// ------------------------------------------------------------------------------------------------------- the message

static const char *field(const void *tasklet, size_t offset) { return (const char *)tasklet + offset; }

static void add_tasklet(line *line, const void *tasklet) {
    if (!tasklet) return add_text(line, "code in an actor's method, or of no tasklet,");
    size_t count;
    const char *name = layout.name ? sw_string_bytes((const uint64_t *)field(tasklet, layout.name), &count) : NULL;
    add_text(line, "tasklet ");
    if (name) {
        // The line has room for everything else.
        enum { most = 256 };
        add_text(line, "'");
        add_bytes(line, name, count < most ? count : most);
        add_text(line, "' (");
    }
    add_number(line, *(const uint64_t *)field(tasklet, layout.id));
    if (name) add_text(line, ")");
    uint32_t number = *(const uint32_t *)field(tasklet, layout.line);
    // Main was not spawned anywhere.
    if (number == 0) return;
    const uint64_t *file = (const uint64_t *)field(tasklet, layout.file);
    add_text(line, ", spawned at ");
    add_bytes(line, (const char *)file[0], file[1]);
    add_text(line, ":");
    add_number(line, number);
    add_text(line, ",");
}

static _Noreturn void report(size_t size, bool is_tasklets) {
    line line = {.count = 0};
    add_text(&line, "Fatal error: ");
    const sw_note *note = sw_current() ? NULL : sw_note_here();
    add_tasklet(&line, note ? note->tasklet : sw_current());
    add_text(&line, is_tasklets ? " has overflowed its stack of " : " has overflowed its thread's stack of ");
    add_number(&line, size / 1024);
    add_text(&line, is_tasklets ? " KiB; SchedulerOptions.stackSize makes tasklets' stacks larger\n"
                                : " KiB; SchedulerOptions.stackSize says which tasklets can have larger ones\n");
    write_line(&line);
    abort();
}

// ------------------------------------------------------------------------------------------------------- the handler

static const char *stack_pointer(const ucontext_t *context) {
#if defined(__x86_64__)
    return (const char *)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    return (const char *)context->uc_mcontext.sp;
#else
    (void)context;
    return NULL;
#endif
}

/// Whether a fault lies at the low end of the thread's own stack. Its guard may be as small as a page, and the kernel's
/// notion of the main thread's end is not exact; a wide window does no harm, because what is mapped does not fault.
///
/// The C library gives a new thread the stack of one that has ended, if that is large enough, and so perhaps a larger
/// one than it was asked for. But an access beside the stack pointer faults only where the stack has ended.
static bool is_below_own_stack(const char *address, const char *sp) {
    enum { window = 128 * 1024 };
    if (!own.low) return false;
    if (address >= own.low - window && address < own.low + window) return true;
    const char *top = own.low + own.size;
    return own.is_tasklets && address < top && address >= sp - window && address < sp + window;
}

/// The access is repeated after the return, and ends the process if there was no other handler.
static void pass_on(int number, siginfo_t *info, void *context) {
    if (previous.sa_flags & SA_SIGINFO) return previous.sa_sigaction(number, info, context);
    if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) return previous.sa_handler(number);
    struct sigaction fatal = {.sa_handler = SIG_DFL};
    sigaction(number, &fatal, NULL);
    // Sent by a process, and not by an access.
    if (info->si_code <= 0) raise(number);
}

static void handle(int number, siginfo_t *info, void *context) {
    if (info->si_code > 0) {
        size_t size = sw_guarded_stack(info->si_addr);
        if (size) report(size, true);
        if (is_below_own_stack(info->si_addr, stack_pointer(context))) report(own.size, own.is_tasklets);
    }
    pass_on(number, info, context);
}

void sw_report_overflows(sw_tasklet_layout tasklets) {
    layout = tasklets;
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, &previous);
}

// -------------------------------------------------------------------------------------------------- alternate stacks

/// A stack for signal handlers. Threads that come and go share them; the record lies outside, so that the stack's pages
/// are not touched before a handler runs.
typedef struct alternate {
    struct alternate *next;
    void *base;
} alternate;

/// For a handler that takes a backtrace, on a machine whose registers take 11 KiB.
enum { alternate_size = 64 * 1024, alternates_in_slab = 64 };

static pthread_mutex_t alternates_lock = PTHREAD_MUTEX_INITIALIZER;
static alternate *alternates;
static pthread_key_t at_thread_end;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void refill_alternates(void) {
    size_t size = (size_t)alternate_size * alternates_in_slab;
    alternate *records = calloc(alternates_in_slab, sizeof *records);
    if (!records) return;
    char *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) return free(records);
    for (size_t i = 0; i < alternates_in_slab; i++) {
        records[i] = (alternate){.next = alternates, .base = base + i * alternate_size};
        alternates = &records[i];
    }
}

static alternate *take_alternate(void) {
    pthread_mutex_lock(&alternates_lock);
    if (!alternates) refill_alternates();
    alternate *taken = alternates;
    if (taken) alternates = taken->next;
    pthread_mutex_unlock(&alternates_lock);
    return taken;
}

static void give_alternate(void *argument) {
    alternate *given = argument;
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    pthread_mutex_lock(&alternates_lock);
    given->next = alternates;
    alternates = given;
    pthread_mutex_unlock(&alternates_lock);
}

static void make_key(void) { (void)pthread_key_create(&at_thread_end, give_alternate); }

/// A thread that has an alternate stack keeps it. Without memory for one, an overflow is an ordinary SIGSEGV.
static void set_alternate_stack(void) {
    alternate *mine = take_alternate();
    if (!mine) return;
    stack_t stack = {.ss_sp = mine->base, .ss_size = alternate_size}, before;
    pthread_once(&key_once, make_key);
    if (sigaltstack(&stack, &before) != 0 || pthread_setspecific(at_thread_end, mine) != 0) return give_alternate(mine);
    if (before.ss_flags & SS_DISABLE) return;
    (void)pthread_setspecific(at_thread_end, NULL);
    give_alternate(mine);
    sigaltstack(&before, NULL);
}

void sw_guard_running_thread(void) {
    sw_thread_is_guarded = true;
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        void *low;
        if (pthread_attr_getstack(&attributes, &low, &own.size) == 0) own.low = low;
        pthread_attr_destroy(&attributes);
    }
    set_alternate_stack();
}

void sw_guard_new_thread(size_t size) {
    sw_thread_is_guarded = true;
    own.low = (char *)__builtin_frame_address(0) - size;
    own.size = size;
    own.is_tasklets = true;
    set_alternate_stack();
}
