// SPDX-License-Identifier: Apache-2.0
//
// The workloads on Boost.Fiber. See ../README.md for the protocol.

#include "peer.hpp"

#include "sockets.hpp"

#include <boost/version.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <unistd.h>

// A workload is run, or listened to; hog is both.
struct Workload {
    std::string name;
    Result (*run)(const Parameters &);
    int (*listen)(const Parameters &);
};

static const std::vector<Workload> workloads = {
    {"ping-pong", ping_pong, nullptr},
    {"yield", yields, nullptr},
    {"ring", ring, nullptr},
    {"spawn-join", spawn_join, nullptr},
    {"skynet", skynet, nullptr},
    {"parked", parked, nullptr},
    {"timers", timers, nullptr},
    {"echo", nullptr, listen_to_echo},
    {"http-server", nullptr, listen_to_page},
    {"fan-out-http", nullptr, listen_to_fan_out},
    {"hog", hog, listen_to_echo},
};

void fail(const std::string &sentence) {
    std::cout << "{\"error\": \"" << sentence << "\"}" << std::endl;
    std::exit(1);
}

Parameters::Parameters(const std::vector<std::string> &arguments) {
    for (const std::string &argument : arguments) {
        const std::size_t sign = argument.find('=');
        if (sign != std::string::npos) values[argument.substr(0, sign)] = std::stol(argument.substr(sign + 1));
    }
}

long Parameters::operator[](const std::string &name) const {
    const auto found = values.find(name);
    if (found == values.end()) fail(name + " is missing");
    return found->second;
}

static std::string version() {
    return std::to_string(BOOST_VERSION / 100'000) + "." + std::to_string(BOOST_VERSION / 100 % 1'000);
}

static void announce() {
    std::cout << R"({"protocol": 1, "name": "boost-fiber", "version": "Boost )" << version()
              << R"(", "workloads": [)";
    for (const Workload &workload : workloads) {
        std::cout << (&workload == &workloads.front() ? "\"" : ", \"") << workload.name << '"';
    }
    std::cout << "]}\n";
}

static void print(const Deadlines &deadlines, long times) {
    std::cout << ", \"lateness\": [";
    for (const long &each : deadlines.lateness) std::cout << (&each == &deadlines.lateness.front() ? "" : ", ") << each;
    std::cout << "], \"arm-cancel\": " << deadlines.arm_cancel / times;
}

static void answer_run(const Workload &workload, long times, const Parameters &parameters) {
    Result total;
    for (long time = 0; time < times; ++time) {
        const Result result = workload.run(parameters);
        total.measure += result.measure;
        total.answer = result.answer;
        total.deadlines.arm_cancel += result.deadlines.arm_cancel;
        std::vector<long> &all = total.deadlines.lateness;
        all.insert(all.end(), result.deadlines.lateness.begin(), result.deadlines.lateness.end());
    }
    const char *measure = workload.run == parked ? "bytes" : "nanoseconds";
    std::cout << "{\"" << measure << "\": " << total.measure << ", \"answer\": " << total.answer;
    if (workload.run == timers) print(total.deadlines, times);
    std::cout << '}' << std::endl;
}

static void answer(const Workload &workload, const std::string &line, const Parameters &parameters) {
    if (line == "listen" && workload.listen != nullptr) {
        std::cout << "{\"port\": " << workload.listen(parameters) << '}' << std::endl;
    } else if (line.compare(0, 4, "run ") == 0 && workload.run != nullptr) {
        answer_run(workload, std::stol(line.substr(4)), parameters);
    } else {
        fail("the line is not understood");
    }
}

static void answer_lines(const Workload &workload, const Parameters &parameters) {
    std::string line;
    while (std::getline(std::cin, line)) answer(workload, line, parameters);
}

// Waits for lines like a connection does, while other fibers run.
static void answer_lines_of_server(const Workload &workload, const Parameters &parameters) {
    boost::fibers::use_scheduling_algorithm<SocketScheduler>();
    Stream input(STDIN_FILENO);
    for (;;) {
        const std::string_view line = input.take_through("\n");
        if (line.empty()) break;
        answer(workload, std::string(line.substr(0, line.size() - 1)), parameters);
    }
    // The fibers of servers never end, so neither would the scheduler.
    std::cout.flush();
    std::_Exit(0);
}

int main(int count, char **values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    const std::string name = arguments.empty() ? "" : arguments[0];
    if (name == "announce") {
        announce();
        return 0;
    }
    std::signal(SIGPIPE, SIG_IGN);
    for (const Workload &workload : workloads) {
        if (workload.name != name) continue;
        const Parameters parameters({arguments.begin() + 1, arguments.end()});
        if (workload.listen != nullptr) answer_lines_of_server(workload, parameters);
        else answer_lines(workload, parameters);
        return 0;
    }
    std::cerr << "usage: peer announce | peer WORKLOAD NAME=VALUE ...\n";
    return 2;
}
