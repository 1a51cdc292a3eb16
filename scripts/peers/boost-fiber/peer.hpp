// SPDX-License-Identifier: Apache-2.0
//
// What the workloads share.

#pragma once

#include <boost/fiber/all.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

using boost::fibers::fiber;
using Clock = std::chrono::steady_clock;

// A channel is Boost.Fiber's unbuffered channel: a rendezvous, in which the sender waits until the value is taken.
using Channel = boost::fibers::unbuffered_channel<long>;

// What `timers` measures besides the time, in nanoseconds.
struct Deadlines {
    std::vector<long> lateness;
    double arm_cancel = 0;
};

// What one run measures, and its answer.
struct Result {
    long measure = 0;
    long answer = 0;
    Deadlines deadlines = {};
};

// The values of the arguments NAME=VALUE.
class Parameters {
public:
    explicit Parameters(const std::vector<std::string> &arguments);
    long operator[](const std::string &name) const;

private:
    std::map<std::string, long> values;
};

Result ping_pong(const Parameters &parameters);
Result yields(const Parameters &parameters);
Result ring(const Parameters &parameters);
Result spawn_join(const Parameters &parameters);
Result skynet(const Parameters &parameters);
Result parked(const Parameters &parameters);
Result timers(const Parameters &parameters);
Result hog(const Parameters &parameters);

// Servers; they return the port.
int listen_to_echo(const Parameters &parameters);
int listen_to_page(const Parameters &parameters);
int listen_to_fan_out(const Parameters &parameters);

// Ends the measurement.
[[noreturn]] void fail(const std::string &sentence);

// A fiber that begins in its turn, on a stack from a pool.
template <typename Body>
fiber spawn(Body &&body) {
    static boost::fibers::pooled_fixedsize_stack stacks;
    return fiber(boost::fibers::launch::post, std::allocator_arg, stacks, std::forward<Body>(body));
}

inline void yield() { boost::this_fiber::yield(); }

inline long since(Clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
}

// Runs all others until they wait: there is one thread, and what counts in `arrived` waits right after.
inline void let_others_wait(const long &arrived, long count) {
    while (arrived < count) yield();
}

inline long receive(Channel &channel) {
    long value = 0;
    channel.pop(value);
    return value;
}

// The first number of a SplitMix64 generator.
inline std::uint64_t split_mix(std::uint64_t seed) {
    std::uint64_t mixed = seed + 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return mixed ^ mixed >> 31;
}
