// SPDX-License-Identifier: Apache-2.0
//
// The workloads of fibers and channels alone.

#include "peer.hpp"

#include <algorithm>
#include <deque>
#include <fstream>
#include <vector>

#include <unistd.h>

Result ping_pong(const Parameters &parameters) {
    const long messages = parameters["messages"];
    Channel there, back;
    long arrived = 0;
    fiber peer = spawn([&] {
        arrived += 1;
        for (long message = 0; message < messages; ++message) back.push(receive(there) + 1);
    });
    let_others_wait(arrived, 1);
    long counter = 0;
    const auto begin = Clock::now();
    for (long message = 0; message < messages; ++message) {
        there.push(counter);
        counter = receive(back);
    }
    const long elapsed = since(begin);
    peer.join();
    return {elapsed, counter};
}

static long yield_repeatedly(long yields) {
    long count = 0;
    for (; count < yields; ++count) yield();
    return count;
}

Result yields(const Parameters &parameters) {
    const long count = parameters["tasklets"], yields = parameters["yields"];
    boost::fibers::barrier gate(count + 1);
    long arrived = 0, yielded = 0;
    std::vector<fiber> fibers;
    for (long index = 0; index < count; ++index) {
        fibers.push_back(spawn([&, yields] {
            arrived += 1;
            gate.wait();
            const long made = yield_repeatedly(yields);
            yielded += made;
        }));
    }
    let_others_wait(arrived, count);
    const auto begin = Clock::now();
    gate.wait();
    for (fiber &each : fibers) each.join();
    return {since(begin), yielded};
}

// A node, until its channel is closed. Returns the number of hops that it made.
static long pass_on(long number, Channel &incoming, Channel &outgoing, Channel &finish) {
    long made = 0, remaining = 0;
    while (incoming.pop(remaining) == boost::fibers::channel_op_status::success) {
        if (remaining == 0) {
            finish.push(number);
        } else {
            made += 1;
            outgoing.push(remaining - 1);
        }
    }
    return made;
}

Result ring(const Parameters &parameters) {
    const long nodes = parameters["nodes"], hops = parameters["hops"];
    std::deque<Channel> links(nodes);
    Channel finish;
    long arrived = 0, counted = 0;
    std::vector<fiber> fibers;
    for (long number = 0; number < nodes; ++number) {
        fibers.push_back(spawn([&, number, nodes] {
            arrived += 1;
            const long made = pass_on(number, links[number], links[(number + 1) % nodes], finish);
            counted += made;
        }));
    }
    let_others_wait(arrived, nodes);
    const auto begin = Clock::now();
    links[0].push(hops);
    const long last = receive(finish);
    const long elapsed = since(begin);
    for (Channel &link : links) link.close();
    for (fiber &each : fibers) each.join();
    return {elapsed, counted * nodes + last};
}

Result spawn_join(const Parameters &parameters) {
    long sum = 0;
    const long count = parameters["count"];
    const auto begin = Clock::now();
    for (long number = 0; number < count; ++number) spawn([&sum, number] { sum += number; }).join();
    return {since(begin), sum};
}

static long sum_children(long first, long leaves, long fan_out);

// Spawns a leaf, or a node with children, which adds its sum to the total.
static fiber spawn_subtree(long first, long leaves, long fan_out, long &total) {
    if (leaves == 1) return spawn([&total, first] { total += first; });
    return spawn([&total, first, leaves, fan_out] {
        const long sum = sum_children(first, leaves, fan_out);
        total += sum;
    });
}

static long sum_children(long first, long leaves, long fan_out) {
    const long count = std::min(fan_out, leaves);
    long sum = 0;
    std::vector<fiber> children;
    children.reserve(count);
    for (long child = 0; child < count; ++child) {
        // The first children take the remainder.
        const long share = leaves / count + (child < leaves % count);
        children.push_back(spawn_subtree(first, share, fan_out, sum));
        first += share;
    }
    for (fiber &child : children) child.join();
    return sum;
}

Result skynet(const Parameters &parameters) {
    const long leaves = parameters["leaves"], fan_out = parameters["fan-out"];
    long total = 0;
    const auto begin = Clock::now();
    spawn_subtree(0, leaves, fan_out, total).join();
    return {since(begin), total};
}

static long resident_bytes() {
    long pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> pages;
    return pages * sysconf(_SC_PAGESIZE);
}

Result parked(const Parameters &parameters) {
    const long count = parameters["count"];
    Channel gate;
    long arrived = 0, received = 0, finished = 0;
    const auto body = [&] {
        arrived += 1;
        const long number = receive(gate);
        received += number;
        finished += 1;
    };
    const long before = resident_bytes();
    for (long number = 0; number < count; ++number) spawn(std::cref(body)).detach();
    let_others_wait(arrived, count);
    const long occupied = resident_bytes() - before;
    for (long number = 0; number < count; ++number) gate.push(number);
    while (finished < count) yield();
    return {occupied, received};
}
