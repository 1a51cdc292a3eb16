// SPDX-License-Identifier: Apache-2.0
//
// Notes of which tasklet a Swift task runs, for schedulers whose tasks run on the runtime's own threads.
//
// The runtime moves such a task from thread to thread, and tells nobody. So a thread's note may be out of date: of a
// task that has gone on to another thread, or has ended. It counts only while the task that it names is the one that
// runs on the thread. A note that has ended names no task; it then serves another tasklet, and its memory is never
// given back, because any thread may still look at it.
//
// The race, from both sides. A thread that reads a note finds its own active task there, or another value. It finds its
// own only if that task itself has written it, earlier in its life, and the rest of the note with it; and only that
// task's end changes it. Every other value, also one that is being written, means that the note is of another task.

#include "CSwitch.h"

#include <pthread.h>
#include <stdlib.h>

__thread sw_note *sw_thread_note;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sw_note *idle;

static sw_note *take(void) {
    pthread_mutex_lock(&lock);
    sw_note *note = idle;
    if (note) idle = note->next;
    pthread_mutex_unlock(&lock);
    return note;
}

sw_note *sw_note_new(uintptr_t task, void *tasklet, void *scheduler) {
    sw_note *note = take();
    if (!note) note = malloc(sizeof *note);
    if (!note) abort();
    *note = (sw_note){.tasklet = tasklet, .scheduler = scheduler};
    __atomic_store_n(&note->task, task, __ATOMIC_RELEASE);
    return note;
}

void sw_note_end(sw_note *note) {
    __atomic_store_n(&note->task, 0, __ATOMIC_RELEASE);
    pthread_mutex_lock(&lock);
    note->next = idle;
    idle = note;
    pthread_mutex_unlock(&lock);
}

void sw_note_resume(sw_note *note) { __atomic_store_n(&note->is_resumed, 1, __ATOMIC_RELEASE); }

void sw_note_resumed(const sw_note *note) { (void)__atomic_load_n(&note->is_resumed, __ATOMIC_ACQUIRE); }

const sw_note *sw_note_here(void) {
    const sw_note *note = sw_thread_note;
    uintptr_t active = (uintptr_t)sw_active_task();
    return note && active && sw_note_is_of(note, active) ? note : NULL;
}
