// SPDX-License-Identifier: Apache-2.0
//
// What Boost.Fiber lacks: sockets whose fibers wait in epoll.

#pragma once

#include <boost/fiber/all.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <string_view>

// Round-robin, which waits in epoll when no fiber is ready, and makes those ready whose sockets are.
class SocketScheduler : public boost::fibers::algo::round_robin {
public:
    void suspend_until(std::chrono::steady_clock::time_point const &deadline) noexcept override;
};

// A descriptor that one fiber at a time reads or writes.
class Socket {
public:
    explicit Socket(int descriptor);
    ~Socket();
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;

    // The number of bytes read; 0 at the end of the connection, and if it is broken.
    std::size_t read(char *bytes, std::size_t room);

    // Sends all bytes; returns false if the connection is broken.
    bool write(std::string_view bytes);

    // The descriptor of a new connection; none if it cannot be accepted.
    int accept();

    // Suspends the running fiber until the socket may be ready.
    void wait();

private:
    friend class SocketScheduler;
    int descriptor;
    boost::fibers::context *waiting = nullptr;
};

// A socket, and what has come over it but has not been taken.
class Stream : public Socket {
public:
    using Socket::Socket;

    // Takes the bytes up to and including an end; nothing at the end of the connection.
    std::string_view take_through(std::string_view end);

    // Takes some bytes; nothing at the end of the connection.
    std::string_view take(std::size_t count);

private:
    bool fill();
    std::size_t taken = 0, filled = 0;
    std::array<char, 8192> bytes;
};

// Serves each connection in a fiber of its own; returns the port.
int listen_to(std::function<void(int descriptor)> serve);

// The descriptor of a connection to a local port, or -1. It may not be open yet.
int connect_to(int port);
