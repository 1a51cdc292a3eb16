// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CLinux.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Both sides of a ring are indices that only grow: one side writes an entry and then stores its index with release
// order, the other loads the index with acquire order and then reads the entry. So neither sees an entry half written.

struct linux_ring {
    int descriptor;
    /// Of the submission queue, which the program fills: the kernel moves `head`, the program `tail`.
    unsigned *head, *tail, *flags;
    unsigned mask, entries;
    /// Filled and not yet published through `tail`; the kernel sees it at the next enter.
    unsigned next;
    struct io_uring_sqe *queue;
    /// Of the completion queue, which the kernel fills.
    unsigned *done_head, *done_tail;
    unsigned done_mask;
    struct io_uring_cqe *done;
    void *shared;
    size_t shared_size, queue_size;
};

// Called by number, because libc may be older than the kernel. They are the same on every architecture.
enum { setup_number = 425, enter_number = 426, register_number = 427 };

static int checked(long result) { return result < 0 ? -errno : (int)result; }

static int setup(unsigned entries, unsigned completions, struct io_uring_params *parameters) {
    // Linux 6.0 knows the second kind, and is the first that receives more than once into buffers that it chooses.
    const unsigned kinds[] = {
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
    };
    int result = -EINVAL;
    for (size_t kind = 0; result == -EINVAL && kind < sizeof kinds / sizeof *kinds; kind++) {
        // Disabled, so that its one thread is the one that enables it, whichever has made it.
        unsigned flags = kinds[kind] | IORING_SETUP_R_DISABLED | IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL;
        *parameters = (struct io_uring_params){.flags = flags, .cq_entries = completions};
        result = checked(syscall(setup_number, entries, parameters));
    }
    return result;
}

static int map(linux_ring *ring, const struct io_uring_params *parameters) {
    size_t sent = parameters->sq_off.array + parameters->sq_entries * sizeof(unsigned);
    size_t done = parameters->cq_off.cqes + parameters->cq_entries * sizeof(struct io_uring_cqe);
    ring->shared_size = sent > done ? sent : done;
    ring->queue_size = parameters->sq_entries * sizeof(struct io_uring_sqe);
    int access = PROT_READ | PROT_WRITE, kind = MAP_SHARED | MAP_POPULATE;
    char *shared = mmap(NULL, ring->shared_size, access, kind, ring->descriptor, IORING_OFF_SQ_RING);
    if (shared == MAP_FAILED) return -errno;
    ring->shared = shared;
    void *queue = mmap(NULL, ring->queue_size, access, kind, ring->descriptor, IORING_OFF_SQES);
    if (queue == MAP_FAILED) return -errno;
    ring->queue = queue;
    ring->head = (unsigned *)(shared + parameters->sq_off.head);
    ring->tail = (unsigned *)(shared + parameters->sq_off.tail);
    ring->flags = (unsigned *)(shared + parameters->sq_off.flags);
    ring->entries = parameters->sq_entries;
    ring->mask = parameters->sq_entries - 1;
    ring->next = *ring->tail;
    ring->done_head = (unsigned *)(shared + parameters->cq_off.head);
    ring->done_tail = (unsigned *)(shared + parameters->cq_off.tail);
    ring->done_mask = parameters->cq_entries - 1;
    ring->done = (struct io_uring_cqe *)(shared + parameters->cq_off.cqes);
    // The kernel allows an order of its own; entry n is in place n.
    unsigned *order = (unsigned *)(shared + parameters->sq_off.array);
    for (unsigned index = 0; index < parameters->sq_entries; index++) order[index] = index;
    return 0;
}

int linux_ring_create(linux_ring **made, unsigned entries, unsigned completions) {
    struct io_uring_params parameters;
    int descriptor = setup(entries, completions, &parameters);
    if (descriptor < 0) return descriptor;
    linux_ring *ring = calloc(1, sizeof *ring);
    if (ring == NULL) {
        close(descriptor);
        return -ENOMEM;
    }
    ring->descriptor = descriptor;
    const unsigned needed = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP | IORING_FEAT_SUBMIT_STABLE | IORING_FEAT_EXT_ARG;
    int result = (parameters.features & needed) == needed ? map(ring, &parameters) : -EOPNOTSUPP;
    if (result < 0) {
        linux_ring_destroy(ring);
        return result;
    }
    *made = ring;
    return 0;
}

static int registered(linux_ring *ring, unsigned what, void *argument, unsigned count) {
    return checked(syscall(register_number, ring->descriptor, what, argument, count));
}

int linux_ring_enable(linux_ring *ring) { return registered(ring, IORING_REGISTER_ENABLE_RINGS, NULL, 0); }

void linux_ring_destroy(linux_ring *ring) {
    if (ring->queue != NULL) munmap(ring->queue, ring->queue_size);
    if (ring->shared != NULL) munmap(ring->shared, ring->shared_size);
    close(ring->descriptor);
    free(ring);
}

// MARK: Entering the kernel

unsigned linux_ring_unsubmitted(const linux_ring *ring) {
    return ring->next - __atomic_load_n(ring->head, __ATOMIC_ACQUIRE);
}

bool linux_ring_has_completions(const linux_ring *ring) {
    return *ring->done_head != __atomic_load_n(ring->done_tail, __ATOMIC_ACQUIRE);
}

bool linux_ring_needs_kernel(const linux_ring *ring) {
    return (__atomic_load_n(ring->flags, __ATOMIC_RELAXED) & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
}

int linux_ring_enter(linux_ring *ring, unsigned wanted, int64_t timeout_nanoseconds) {
    __atomic_store_n(ring->tail, ring->next, __ATOMIC_RELEASE);
    struct __kernel_timespec timeout = {timeout_nanoseconds / 1000000000, timeout_nanoseconds % 1000000000};
    struct io_uring_getevents_arg argument = {.ts = timeout_nanoseconds < 0 ? 0 : (uint64_t)(uintptr_t)&timeout};
    return checked(syscall(enter_number, ring->descriptor, linux_ring_unsubmitted(ring), wanted,
                           IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &argument, sizeof argument));
}

bool linux_ring_next(linux_ring *ring, linux_completion *completion) {
    unsigned head = *ring->done_head;
    if (head == __atomic_load_n(ring->done_tail, __ATOMIC_ACQUIRE)) return false;
    const struct io_uring_cqe *entry = &ring->done[head & ring->done_mask];
    *completion = (linux_completion){
        .data = entry->user_data,
        .result = entry->res,
        .buffer = (entry->flags & IORING_CQE_F_BUFFER) != 0 ? (int)(entry->flags >> IORING_CQE_BUFFER_SHIFT) : -1,
        .has_more = (entry->flags & IORING_CQE_F_MORE) != 0,
    };
    __atomic_store_n(ring->done_head, head + 1, __ATOMIC_RELEASE);
    return true;
}

// MARK: Operations

bool linux_ring_is_full(const linux_ring *ring) { return linux_ring_unsubmitted(ring) >= ring->entries; }

static struct io_uring_sqe *entry(linux_ring *ring, unsigned code, int descriptor, uint64_t data) {
    struct io_uring_sqe *entry = &ring->queue[ring->next++ & ring->mask];
    memset(entry, 0, sizeof *entry);
    entry->opcode = (uint8_t)code;
    entry->fd = descriptor;
    entry->user_data = data;
    return entry;
}

void linux_ring_watch(linux_ring *ring, int descriptor, uint64_t data) {
    struct io_uring_sqe *new = entry(ring, IORING_OP_POLL_ADD, descriptor, data);
    new->len = IORING_POLL_ADD_MULTI;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    new->poll32_events = (uint32_t)POLLIN << 16;
#else
    new->poll32_events = POLLIN;
#endif
}

void linux_ring_accept(linux_ring *ring, int descriptor, uint64_t data) {
    struct io_uring_sqe *new = entry(ring, IORING_OP_ACCEPT, descriptor, data);
    new->ioprio = IORING_ACCEPT_MULTISHOT;
    new->accept_flags = SOCK_CLOEXEC;
}

void linux_ring_connect(linux_ring *ring, int descriptor, const void *address, size_t size, uint64_t data) {
    struct io_uring_sqe *new = entry(ring, IORING_OP_CONNECT, descriptor, data);
    new->addr = (uint64_t)(uintptr_t)address;
    new->off = size;
}

void linux_ring_receive(linux_ring *ring, int descriptor, uint64_t data) {
    struct io_uring_sqe *new = entry(ring, IORING_OP_RECV, descriptor, data);
    new->ioprio = IORING_RECV_MULTISHOT;
    new->flags = IOSQE_BUFFER_SELECT;
}

void linux_ring_send(linux_ring *ring, int descriptor, const void *bytes, size_t size, uint64_t data) {
    struct io_uring_sqe *new = entry(ring, IORING_OP_SEND, descriptor, data);
    new->addr = (uint64_t)(uintptr_t)bytes;
    new->len = (uint32_t)size;
    new->msg_flags = MSG_NOSIGNAL;
}

void linux_ring_cancel(linux_ring *ring, uint64_t target, uint64_t data) {
    entry(ring, IORING_OP_ASYNC_CANCEL, -1, data)->addr = target;
}

void linux_ring_cancel_all(linux_ring *ring, uint64_t data) {
    entry(ring, IORING_OP_ASYNC_CANCEL, -1, data)->cancel_flags = IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_ANY;
}

void linux_ring_close(linux_ring *ring, int descriptor, uint64_t data) {
    entry(ring, IORING_OP_CLOSE, descriptor, data);
}

// MARK: Buffers

static size_t table_size(unsigned count) {
    size_t size = count * sizeof(struct io_uring_buf), page = (size_t)sysconf(_SC_PAGESIZE);
    return (size + page - 1) / page * page;
}

int linux_ring_add_buffers(linux_ring *ring, linux_buffers *made, unsigned count, unsigned size) {
    size_t table = table_size(count), all = table + (size_t)count * size;
    char *memory = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return -errno;
    struct io_uring_buf_reg argument = {.ring_addr = (uint64_t)(uintptr_t)memory, .ring_entries = count};
    int result = registered(ring, IORING_REGISTER_PBUF_RING, &argument, 1);
    if (result < 0) {
        munmap(memory, all);
        return result;
    }
    *made = (linux_buffers){.table = memory, .bytes = memory + table, .count = count, .size = size, .tail = 0};
    for (unsigned index = 0; index < count; index++) linux_buffers_give(made, index);
    linux_buffers_publish(made);
    return 0;
}

void linux_buffers_give(linux_buffers *buffers, unsigned index) {
    struct io_uring_buf_ring *table = buffers->table;
    // Not the whole entry: the first one's last two bytes are the table's tail.
    struct io_uring_buf *place = (struct io_uring_buf *)table + (buffers->tail++ & (buffers->count - 1));
    place->addr = (uint64_t)(uintptr_t)(buffers->bytes + (size_t)index * buffers->size);
    place->len = buffers->size;
    place->bid = (uint16_t)index;
}

void linux_buffers_publish(linux_buffers *buffers) {
    struct io_uring_buf_ring *table = buffers->table;
    __atomic_store_n(&table->tail, buffers->tail, __ATOMIC_RELEASE);
}

int linux_ring_remove_buffers(linux_ring *ring) {
    struct io_uring_buf_reg argument = {0};
    return registered(ring, IORING_UNREGISTER_PBUF_RING, &argument, 1);
}

void linux_buffers_free(linux_buffers *buffers) {
    munmap(buffers->table, table_size(buffers->count) + (size_t)buffers->count * buffers->size);
}
