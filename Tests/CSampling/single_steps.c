// SPDX-License-Identifier: Apache-2.0
//
// Unwinds a program's stack with the profiler before each of its instructions.
//
// The processor traps after every instruction of a thread whose trap flag is set. The kernel clears the flag for the
// handler and restores it afterwards, so the handler itself does not trap. The flag belongs to the thread, not to a
// stack, and survives a stack swap. New threads inherit it.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CSampling.h"

#include <CLinux.h>
#include <CProfiler.h>
#include <CSwitch.h>
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unwind.h>

extern void sw_swap(void) SW_LOCAL;
extern void sw_stack_start(void) SW_LOCAL;
extern void sw_soft_park(void);

steps_switches steps_switch_functions(void) {
    return (steps_switches){
        .soft_park = (uintptr_t)sw_soft_park,
        .resume = (uintptr_t)sw_resume,
        .stack_swap = (uintptr_t)sw_stack_swap,
        .region_park = (uintptr_t)sw_region_park,
        .region_resume = (uintptr_t)sw_region_resume,
        .swap = (uintptr_t)sw_swap,
        .stack_start = (uintptr_t)sw_stack_start,
        .parker_wait = (uintptr_t)linux_parker_wait,
    };
}

void steps_leave_errors_alone(void) {
    const char *hooks[] = {"_swift_willThrow", "_swift_willThrowTypedImpl"};
    for (int i = 0; i < 2; i++) {
        _Atomic(void *) *hook = dlsym(RTLD_DEFAULT, hooks[i]);
        if (hook) atomic_store(hook, NULL);
    }
}

/// The lookup expects return addresses, and looks one byte earlier.
uintptr_t steps_function(uintptr_t instruction) {
    return (uintptr_t)_Unwind_FindEnclosingFunction((void *)(instruction + 1));
}

#if defined(__x86_64__)

/// `leaq 8(%rsp), %rbp` and `btrq $60, %rbp`.
static const uint8_t set_frame[] = {0x48, 0x8d, 0x6c, 0x24, 0x08}, clear_bit[] = {0x48, 0x0f, 0xba, 0xf5, 0x3c};

bool steps_is_in_async_frame_change(uintptr_t instruction) {
    const uint8_t *code = (const uint8_t *)instruction;
    return memcmp(code, set_frame, sizeof set_frame) == 0 || memcmp(code, clear_bit, sizeof clear_bit) == 0 ||
           memcmp(code - sizeof set_frame, set_frame, sizeof set_frame) == 0;
}

#else
bool steps_is_in_async_frame_change(uintptr_t instruction) { return instruction == 0; }
#endif

// -----------------------------------------------------------------------------------------------------------------
// notes

enum { capacity = 1 << 17 };

static steps_place table[capacity];
static size_t used;
static steps_totals totals;
static atomic_bool is_stepping;
/// Taken in signal handlers only, which do not interrupt each other.
static atomic_flag lock = ATOMIC_FLAG_INIT;

static void take_lock(void) {
    while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) {}
}

static void release_lock(void) { atomic_flag_clear_explicit(&lock, memory_order_release); }

static steps_place *place_of(uintptr_t instruction, uintptr_t end) {
    size_t slot = (size_t)((instruction * 31 + end) * 0x9E3779B97F4A7C15u >> 40);
    for (;; slot++) {
        steps_place *place = &table[slot % capacity];
        if (place->instruction == instruction && place->end == end) return place;
        if (place->instruction) continue;
        if (used == capacity / 2) return NULL;
        used++;
        place->instruction = instruction;
        place->end = end;
        return place;
    }
}

enum verdict { is_first, follows, is_astray };

/// Where a node has the address of its tasklet, in bytes.
static size_t tasklet_offset;

/// Whether the thread's note names a tasklet that was freed: the first word of an object is its type, and the allocator
/// overwrites it. The node still refers to it.
static bool names_freed_tasklet(void) {
    static _Atomic uintptr_t type;
    const char *node = sw_current();
    if (!node) return false;
    uintptr_t expected = 0, found = **(const uintptr_t *const *)(node + tasklet_offset);
    return !atomic_compare_exchange_strong(&type, &expected, found) && expected != found;
}

static void note(uintptr_t instruction, void **frames, int depth, enum verdict verdict, uintptr_t before) {
    take_lock();
    totals.count++;
    totals.compared += verdict != is_first;
    totals.freed += names_freed_tasklet();
    steps_place *place = place_of(instruction, depth > 0 ? (uintptr_t)frames[depth - 1] : 0);
    if (place) {
        place->count++;
        place->alone += depth == 1;
        if ((uint32_t)depth > place->deepest) place->deepest = (uint32_t)depth;
        place->astray += verdict == is_astray;
        if (verdict == is_astray && !place->astray_after) place->astray_after = before;
    } else {
        totals.lost++;
    }
    release_lock();
}

const steps_place *steps_places(size_t *count) {
    size_t kept = 0;
    for (size_t i = 0; i < capacity; i++) {
        steps_place place = table[i];
        table[i] = (steps_place){0};
        if (place.instruction) table[kept++] = place;
    }
    *count = kept;
    return table;
}

steps_totals steps_sums(void) { return totals; }

// -------------------------------------------------------------------------------------------------------------
// stepping

#if defined(__x86_64__)

#include <x86intrin.h>

enum { trap_flag = 0x100, call_length_most = 7 };

/// A thread's previous instruction, and the return addresses at that time.
typedef struct view {
    const uint8_t *instruction;
    uintptr_t sp;
    int callers;
    void *caller[profiler_most_frames];
} view;

static __thread view last;

static bool is_system_call(const uint8_t *code) { return code[0] == 0x0f && code[1] == 0x05; }

/// `movq %rsi, %rsp`, in the middle of sw_swap.
static bool is_swap(const uint8_t *code) { return code[0] == 0x48 && code[1] == 0x89 && code[2] == 0xf4; }

/// A return: with or without the prefix for old processors, with or without popping arguments; and the end of sw_swap,
/// `jmp *%rax`.
static bool is_return(const uint8_t *code) {
    if (code[0] == 0xff && code[1] == 0xe0) return steps_function((uintptr_t)code) == (uintptr_t)sw_swap;
    return code[0] == 0xc3 || code[0] == 0xc2 || (code[0] == 0xf3 && code[1] == 0xc3);
}

static bool are_equal(void **some, void **others, int count) {
    return memcmp(some, others, (size_t)count * sizeof *some) == 0;
}

/// Whether the callers follow from those of the previous trace and the instruction in between.
static enum verdict compare(const view *last, uintptr_t sp, void **callers, int count) {
    // The instruction after a system call does not trap.
    if (!last->instruction || is_system_call(last->instruction) || is_swap(last->instruction)) return is_first;
    int before = last->callers;
    if (is_return(last->instruction))
        return before == count + 1 && are_equal(callers, (void **)last->caller + 1, count) ? follows : is_astray;
    uintptr_t top = sp == last->sp - sizeof top ? *(const uintptr_t *)sp : 0;
    if (top - (uintptr_t)last->instruction - 1 < call_length_most)
        return count == before + 1 && (uintptr_t)callers[0] == top && are_equal(callers + 1, (void **)last->caller, before)
                   ? follows
                   : is_astray;
    return before == count && are_equal(callers, (void **)last->caller, count) ? follows : is_astray;
}

/// A trap with SIGTRAP blocked kills the process, so the handler performs a system call that would block the signal
/// itself, and skips it. The C library makes such calls where it starts and ends threads.
static void keep_signal_open(ucontext_t *context) {
    greg_t *registers = context->uc_mcontext.gregs;
    if (!is_system_call((const uint8_t *)registers[REG_RIP]) || registers[REG_RAX] != SYS_rt_sigprocmask) return;
    uint64_t *mask = (uint64_t *)&context->uc_sigmask, before = *mask;
    const uint64_t *set = (const uint64_t *)registers[REG_RSI];
    if (set && registers[REG_RDI] == SIG_BLOCK) *mask |= *set;
    if (set && registers[REG_RDI] == SIG_UNBLOCK) *mask &= ~*set;
    if (set && registers[REG_RDI] == SIG_SETMASK) *mask = *set;
    *mask &= ~(UINT64_C(1) << (SIGTRAP - 1));
    if (registers[REG_RDX]) *(uint64_t *)registers[REG_RDX] = before;
    registers[REG_RAX] = 0;
    registers[REG_RIP] += 2;
}

/// The handler: runs before each instruction.
static void step(int number, siginfo_t *information, void *argument) {
    (void)number;
    (void)information;
    ucontext_t *context = argument;
    greg_t *registers = context->uc_mcontext.gregs;
    if (!atomic_load(&is_stepping)) {
        registers[REG_EFL] &= ~(greg_t)trap_flag;
        return;
    }
    // A string instruction traps after each iteration, with the stack unchanged.
    if (registers[REG_RIP] == (greg_t)last.instruction && registers[REG_RSP] == (greg_t)last.sp) return;
    int error = errno;
    void *frames[profiler_most_frames];
    int depth = profiler_interrupted_frames(frames);
    uintptr_t instruction = (uintptr_t)registers[REG_RIP], sp = (uintptr_t)registers[REG_RSP];
    int callers = depth > 0 ? depth - 1 : 0;
    enum verdict verdict = compare(&last, sp, frames + 1, callers);
    if (depth == 0 || frames[0] != (void *)instruction) verdict = is_astray;
    note(instruction, frames, depth, verdict, (uintptr_t)last.instruction);
    last.instruction = (const uint8_t *)instruction;
    last.sp = sp;
    last.callers = callers;
    memcpy(last.caller, frames + 1, (size_t)callers * sizeof *frames);
    keep_signal_open(context);
    errno = error;
}

bool steps_are_possible(void) { return true; }

void steps_begin(size_t offset) {
    tasklet_offset = offset;
    struct sigaction action = {.sa_sigaction = step, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigfillset(&action.sa_mask);
    sigaction(SIGTRAP, &action, NULL);
    atomic_store(&is_stepping, true);
}

void steps_on_this_thread(void) {
    if (atomic_load(&is_stepping)) __writeeflags(__readeflags() | trap_flag);
}

#else

bool steps_are_possible(void) { return false; }
void steps_begin(size_t offset) { (void)offset; }
void steps_on_this_thread(void) {}

#endif

void steps_end(void) {
    atomic_store(&is_stepping, false);
    // Wait for a handler that still writes.
    take_lock();
    release_lock();
}
