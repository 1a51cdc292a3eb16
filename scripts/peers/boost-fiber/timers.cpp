// SPDX-License-Identifier: Apache-2.0
//
// timers: fibers that sleep until deadlines, and receives with deadlines.

#include "peer.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using boost::fibers::channel_op_status;

static std::vector<long> shuffled(long count) {
    std::vector<long> order(count);
    std::iota(order.begin(), order.end(), 0);
    for (long index = count - 1; index > 0; --index) std::swap(order[index], order[split_mix(index) % (index + 1)]);
    return order;
}

namespace {

// Fibers that each sleep until a deadline of their own.
class Sleepers {
public:
    Sleepers(long count, milliseconds spread) : lateness(count), count(count), spread(spread) {
        for (const long index : shuffled(count)) fibers.push_back(spawn([this, index] { sleep(index); }));
        let_others_wait(arrived, count);
    }

    // Returns the number of fibers that did not wake early.
    long sleep_and_wake() {
        // Long enough for all to fall asleep.
        const auto first = Clock::now() + milliseconds(10) + microseconds(10) * count;
        for (long index = 0; index < count; ++index) gate.push(first);
        for (fiber &each : fibers) each.join();
        return count - early;
    }

    std::vector<long> lateness;

private:
    void sleep(long index) {
        Clock::time_point first;
        arrived += 1;
        gate.pop(first);
        const auto deadline = first + nanoseconds(spread) * index / count;
        boost::this_fiber::sleep_until(deadline);
        const long late = since(deadline);
        early += late < 0;
        lateness[index] = std::max(0L, late);
    }

    const long count;
    const milliseconds spread;
    boost::fibers::unbuffered_channel<Clock::time_point> gate;
    std::vector<fiber> fibers;
    long arrived = 0, early = 0;
};

// Fibers that sleep for hours beside a measurement: a channel on which nothing comes, so that closing it ends them.
class LongSleepers {
public:
    explicit LongSleepers(long count);

    ~LongSleepers() {
        ending.close();
        for (fiber &each : fibers) each.join();
    }

private:
    Channel ending;
    std::vector<fiber> fibers;
};

}  // namespace

// An hour or two from now.
static Clock::time_point far_off(std::uint64_t seed) {
    return Clock::now() + std::chrono::hours(1) + nanoseconds(split_mix(seed) % 3'600'000'000'000);
}

LongSleepers::LongSleepers(long count) {
    long arrived = 0;
    for (long index = 0; index < count; ++index) {
        fibers.push_back(spawn([this, index, &arrived] {
            long nothing;
            const auto deadline = far_off(index);
            arrived += 1;
            ending.pop_wait_until(nothing, deadline);
        }));
    }
    let_others_wait(arrived, count);
}

// Receives messages, with deadlines if there are any; counts the messages that come before their deadline.
static long exchange(long size, const std::vector<Clock::time_point> &deadlines, long &received) {
    Channel messages;
    fiber sender = spawn([&] {
        for (long number = 0; number < size; ++number) messages.push(number);
    });
    const auto begin = Clock::now();
    for (long number = 0; number < size; ++number) {
        long message = -1;
        if (deadlines.empty()) {
            messages.pop(message);
        } else {
            const auto status = messages.pop_wait_until(message, deadlines[number % deadlines.size()]);
            received += status == channel_op_status::success && message == number;
        }
    }
    const long elapsed = since(begin);
    sender.join();
    return elapsed;
}

// Returns what a deadline costs beside fibers that sleep, and counts the messages that come before theirs.
static double arm_and_cancel(long messages, long count, long &received) {
    constexpr long batches = 10;
    LongSleepers sleepers(count);
    long difference = 0, uncounted = 0;
    for (long batch = 0; batch < batches; ++batch) {
        std::vector<Clock::time_point> deadlines;
        for (long index = 0; index < 256; ++index) deadlines.push_back(far_off(count + 256 * batch + index));
        const long size = messages * (batch + 1) / batches - messages * batch / batches;
        difference += exchange(size, deadlines, received);
        difference -= exchange(size, {}, uncounted);
    }
    return static_cast<double>(difference) / messages;
}

Result timers(const Parameters &parameters) {
    const long count = parameters["count"];
    Sleepers sleepers(count, milliseconds(parameters["spread"]));
    long received = 0;
    const auto begin = Clock::now();
    const long awake = sleepers.sleep_and_wake();
    const double cost = arm_and_cancel(parameters["cancelled"], count, received);
    const long elapsed = since(begin);
    return {elapsed, awake + received, {std::move(sleepers.lateness), cost}};
}
