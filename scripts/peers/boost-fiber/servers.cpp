// SPDX-License-Identifier: Apache-2.0
//
// echo, http-server and hog.

#include "peer.hpp"
#include "sockets.hpp"

int listen_to_echo(const Parameters &) {
    return listen_to([](int descriptor) {
        Socket socket(descriptor);
        std::array<char, 4096> bytes;
        while (const std::size_t count = socket.read(bytes.data(), bytes.size())) {
            if (!socket.write({bytes.data(), count})) break;
        }
    });
}

int listen_to_page(const Parameters &) {
    constexpr std::string_view page =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nHello, world!\n";
    constexpr std::string_view none = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    constexpr std::string_view line = "GET / HTTP/1.1\r\n";
    return listen_to([=](int descriptor) {
        Stream stream(descriptor);
        for (;;) {
            const std::string_view head = stream.take_through("\r\n\r\n");
            if (head.empty() || !stream.write(head.substr(0, line.size()) == line ? page : none)) break;
        }
    });
}

// Computes without giving way; returns the steps. Each adds 1, which the compiler cannot prove.
static long work_hard(std::chrono::milliseconds work) {
    long steps = 0;
    std::uint64_t state = 0;
    for (const auto begin = Clock::now(); Clock::now() - begin < work;) {
        for (int step = 0; step < 1'000; ++step) steps += 1 | static_cast<long>(split_mix(++state) >> 63);
    }
    return steps;
}

Result hog(const Parameters &parameters) {
    const std::chrono::milliseconds work(parameters["work"]);
    long finished = 0;
    std::vector<fiber> fibers;
    const auto begin = Clock::now();
    for (long index = parameters["hogs"]; index > 0; --index) {
        fibers.push_back(spawn([&] { finished += work_hard(work) > 0; }));
    }
    for (fiber &each : fibers) each.join();
    return {since(begin), finished};
}
