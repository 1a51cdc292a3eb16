// SPDX-License-Identifier: Apache-2.0
//
// fan-out-http: servers of numbers, one of which asks the others.

#include "peer.hpp"
#include "sockets.hpp"

#include <charconv>
#include <cmath>
#include <deque>
#include <memory>
#include <optional>

using std::uint64_t;
using Number = std::optional<uint64_t>;

static Number parse(std::string_view text) {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end == text.data() || error != std::errc()) return {};
    return number;
}

// The N of GET /N.
static Number requested(std::string_view head) {
    constexpr std::string_view method = "GET /";
    return head.substr(0, method.size()) == method ? parse(head.substr(method.size())) : Number();
}

static std::string reply(Number number) {
    if (!number) return "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
    const std::string digits = std::to_string(*number);
    return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(digits.size()) +
           "\r\n\r\n" + digits;
}

// Starts a server that replies to GET /N with a number; returns its port.
static int listen_to_numbers(std::function<Number(uint64_t)> compute) {
    return listen_to([compute](int descriptor) {
        Stream stream(descriptor);
        for (;;) {
            const std::string_view head = stream.take_through("\r\n\r\n");
            if (head.empty()) break;
            const Number number = requested(head);
            if (!stream.write(reply(number ? compute(*number) : Number()))) break;
        }
    });
}

static uint64_t reply_after_delay(uint64_t number, uint64_t back, long mean) {
    const uint64_t seed = number << 16 | back;
    const double share = static_cast<double>(split_mix(seed | uint64_t{1} << 62) >> 11) / 9007199254740992.0;
    const double delay = mean * std::min(8.0, -std::log(1 - share));
    boost::this_fiber::sleep_for(std::chrono::nanoseconds(static_cast<long>(delay * 1'000)));
    return split_mix(seed) >> 8;
}

namespace {

// A back end, as the front end knows it: connections are kept for the next request.
class BackEnd {
public:
    explicit BackEnd(int port) : port(port), host("Host: 127.0.0.1:" + std::to_string(port) + "\r\n\r\n") {}

    Number ask(uint64_t number) {
        std::unique_ptr<Stream> stream = take_stream();
        if (!stream || !stream->write("GET /" + std::to_string(number) + " HTTP/1.1\r\n" + host)) return {};
        const Number reply = take_number(*stream);
        if (reply) idle.push_back(std::move(stream));
        return reply;
    }

private:
    std::unique_ptr<Stream> take_stream() {
        if (idle.empty()) {
            const int descriptor = connect_to(port);
            return descriptor < 0 ? nullptr : std::make_unique<Stream>(descriptor);
        }
        std::unique_ptr<Stream> stream = std::move(idle.back());
        idle.pop_back();
        return stream;
    }

    static Number take_number(Stream &stream) {
        constexpr std::string_view status = "HTTP/1.1 200 ", field = "\r\nContent-Length: ";
        const std::string_view head = stream.take_through("\r\n\r\n");
        const std::size_t place = head.find(field);
        if (head.substr(0, status.size()) != status || place == std::string_view::npos) return {};
        const Number size = parse(head.substr(place + field.size()));
        return size ? parse(stream.take(*size)) : Number();
    }

    const int port;
    const std::string host;
    std::vector<std::unique_ptr<Stream>> idle;
};

}  // namespace

// Asks all back ends at once, each in a fiber of its own.
static Number sum_of_replies(std::deque<BackEnd> &backs, uint64_t number) {
    std::vector<fiber> fibers;
    uint64_t sum = 0;
    std::size_t answered = 0;
    for (BackEnd &back : backs) {
        fibers.push_back(spawn([&] {
            const Number reply = back.ask(number);
            sum += reply.value_or(0);
            answered += reply.has_value();
        }));
    }
    for (fiber &each : fibers) each.join();
    return answered == backs.size() ? Number(sum) : Number();
}

int listen_to_fan_out(const Parameters &parameters) {
    static std::deque<BackEnd> backs;
    const long mean = parameters["delay"];
    for (long back = 0; back < parameters["fan-out"]; ++back) {
        backs.emplace_back(listen_to_numbers([=](uint64_t number) { return reply_after_delay(number, back, mean); }));
    }
    return listen_to_numbers([](uint64_t number) { return sum_of_replies(backs, number); });
}
