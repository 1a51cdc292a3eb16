// SPDX-License-Identifier: Apache-2.0
//
// The workloads on Boost.Fiber. See ../README.md for the protocol.

#include <boost/fiber/all.hpp>
#include <boost/version.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace {

using boost::fibers::fiber;
using Clock = std::chrono::steady_clock;

// A channel is Boost.Fiber's unbuffered channel: a rendezvous, in which the sender waits until the value is taken.
using Channel = boost::fibers::unbuffered_channel<long>;

// What one run measures, and its answer.
struct Result {
    long measure;
    long answer;
};

// The parameters, of which a workload uses one or two, in the order of the table.
using Parameters = std::array<long, 2>;

// A fiber that begins in its turn, on a stack from a pool.
template <typename Body>
fiber spawn(Body &&body) {
    static boost::fibers::pooled_fixedsize_stack stacks;
    return fiber(boost::fibers::launch::post, std::allocator_arg, stacks, std::forward<Body>(body));
}

void yield() { boost::this_fiber::yield(); }

long since(Clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
}

// Runs all others until they wait: there is one thread, and what counts in `arrived` waits right after.
void let_others_wait(const long &arrived, long count) {
    while (arrived < count) yield();
}

long receive(Channel &channel) {
    long value = 0;
    channel.pop(value);
    return value;
}

Result ping_pong(Parameters parameters) {
    const long messages = parameters[0];
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

long yield_repeatedly(long yields) {
    long count = 0;
    for (; count < yields; ++count) yield();
    return count;
}

Result yields(Parameters parameters) {
    const auto [count, yields] = parameters;
    boost::fibers::barrier gate(count + 1);
    long arrived = 0, yielded = 0;
    std::vector<fiber> fibers;
    for (long index = 0; index < count; ++index) {
        fibers.push_back(spawn([&, yields = yields] {
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
long pass_on(long number, Channel &incoming, Channel &outgoing, Channel &finish) {
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

Result ring(Parameters parameters) {
    const auto [nodes, hops] = parameters;
    std::deque<Channel> links(nodes);
    Channel finish;
    long arrived = 0, counted = 0;
    std::vector<fiber> fibers;
    for (long number = 0; number < nodes; ++number) {
        fibers.push_back(spawn([&, number, nodes = nodes] {
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

Result spawn_join(Parameters parameters) {
    long sum = 0;
    const auto begin = Clock::now();
    for (long number = 0; number < parameters[0]; ++number) spawn([&sum, number] { sum += number; }).join();
    return {since(begin), sum};
}

long sum_children(long first, long leaves, long fan_out);

// Spawns a leaf, or a node with children, which adds its sum to the total.
fiber spawn_subtree(long first, long leaves, long fan_out, long &total) {
    if (leaves == 1) return spawn([&total, first] { total += first; });
    return spawn([&total, first, leaves, fan_out] {
        const long sum = sum_children(first, leaves, fan_out);
        total += sum;
    });
}

long sum_children(long first, long leaves, long fan_out) {
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

Result skynet(Parameters parameters) {
    long total = 0;
    const auto begin = Clock::now();
    spawn_subtree(0, parameters[0], parameters[1], total).join();
    return {since(begin), total};
}

long resident_bytes() {
    long pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> pages;
    return pages * sysconf(_SC_PAGESIZE);
}

Result parked(Parameters parameters) {
    const long count = parameters[0];
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

// The protocol.

struct Workload {
    std::string name;
    std::vector<std::string> parameters;
    std::string measure;
    Result (*run)(Parameters);
};

const std::vector<Workload> workloads = {
    {"ping-pong", {"messages"}, "nanoseconds", ping_pong},
    {"yield", {"tasklets", "yields"}, "nanoseconds", yields},
    {"ring", {"nodes", "hops"}, "nanoseconds", ring},
    {"spawn-join", {"count"}, "nanoseconds", spawn_join},
    {"skynet", {"leaves", "fan-out"}, "nanoseconds", skynet},
    {"parked", {"count"}, "bytes", parked},
};

std::string version() {
    return std::to_string(BOOST_VERSION / 100'000) + "." + std::to_string(BOOST_VERSION / 100 % 1'000);
}

void announce() {
    std::cout << R"({"protocol": 1, "name": "boost-fiber", "version": "Boost )" << version()
              << R"(", "workloads": [)";
    for (const Workload &workload : workloads) {
        std::cout << (&workload == &workloads.front() ? "\"" : ", \"") << workload.name << '"';
    }
    std::cout << "]}\n";
}

// The values of the arguments NAME=VALUE, in the order of the workload's parameters.
Parameters parse(const Workload &workload, const std::vector<std::string> &arguments) {
    Parameters values = {};
    for (std::size_t index = 0; index < workload.parameters.size(); ++index) {
        const std::string prefix = workload.parameters[index] + "=";
        for (const std::string &argument : arguments) {
            if (argument.compare(0, prefix.size(), prefix) != 0) continue;
            values[index] = std::stol(argument.substr(prefix.size()));
        }
    }
    return values;
}

void answer_lines(const Workload &workload, Parameters parameters) {
    std::string run;
    long times = 0;
    while (std::cin >> run >> times) {
        Result total = {};
        for (long time = 0; time < times; ++time) {
            const Result result = workload.run(parameters);
            total = {total.measure + result.measure, result.answer};
        }
        std::cout << "{\"" << workload.measure << "\": " << total.measure << ", \"answer\": " << total.answer << '}'
                  << std::endl;
    }
}

}  // namespace

int main(int count, char **values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    const std::string name = arguments.empty() ? "" : arguments[0];
    if (name == "announce") {
        announce();
        return 0;
    }
    for (const Workload &workload : workloads) {
        if (workload.name != name) continue;
        answer_lines(workload, parse(workload, arguments));
        return 0;
    }
    std::cerr << "usage: peer announce | peer WORKLOAD NAME=VALUE ...\n";
    return 2;
}
