// SPDX-License-Identifier: Apache-2.0

#include "sockets.hpp"

#include "peer.hpp"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int poller() {
    static const int descriptor = epoll_create1(0);
    return descriptor;
}

void SocketScheduler::suspend_until(std::chrono::steady_clock::time_point const &deadline) noexcept {
    std::array<epoll_event, 256> events;
    const long left = std::max(0L, -since(deadline));
    const timespec timeout = {left / 1'000'000'000, left % 1'000'000'000};
    const bool forever = deadline == (std::chrono::steady_clock::time_point::max)();
    const int count = epoll_pwait2(poller(), events.data(), events.size(), forever ? nullptr : &timeout, nullptr);
    for (int index = 0; index < count; ++index) {
        Socket *socket = static_cast<Socket *>(events[index].data.ptr);
        if (socket->waiting == nullptr) continue;
        boost::fibers::context::active()->schedule(std::exchange(socket->waiting, nullptr));
    }
}

// Edge-triggered: a fiber waits only after a call that would have blocked, and what comes after that is an edge.
Socket::Socket(int descriptor) : descriptor(descriptor) {
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    epoll_event event = {EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {this}};
    if (epoll_ctl(poller(), EPOLL_CTL_ADD, descriptor, &event) != 0) fail("a descriptor cannot be waited for");
}

Socket::~Socket() { close(descriptor); }

void Socket::wait() {
    waiting = boost::fibers::context::active();
    waiting->suspend();
}

std::size_t Socket::read(char *bytes, std::size_t room) {
    for (;;) {
        const ssize_t count = ::read(descriptor, bytes, room);
        if (count >= 0) return count;
        if (errno != EAGAIN) return 0;
        wait();
    }
}

bool Socket::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count >= 0) bytes.remove_prefix(count);
        else if (errno == EAGAIN) wait();
        else return false;
    }
    return true;
}

int Socket::accept() {
    for (;;) {
        const int accepted = ::accept(descriptor, nullptr, nullptr);
        if (accepted >= 0 || errno != EAGAIN) return accepted;
        wait();
    }
}

bool Stream::fill() {
    std::memmove(bytes.data(), bytes.data() + taken, filled - taken);
    filled -= std::exchange(taken, 0);
    const std::size_t count = read(bytes.data() + filled, bytes.size() - filled);
    filled += count;
    return count > 0;
}

std::string_view Stream::take_through(std::string_view end) {
    for (;;) {
        const std::string_view rest(bytes.data() + taken, filled - taken);
        const std::size_t place = rest.find(end);
        if (place != std::string_view::npos) return take(place + end.size());
        if (!fill()) return {};
    }
}

std::string_view Stream::take(std::size_t count) {
    while (filled - taken < count) {
        if (!fill()) return {};
    }
    taken += count;
    return {bytes.data() + taken - count, count};
}

static void send_at_once(int descriptor) {
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static sockaddr_in local_address(int port) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int listen_to(std::function<void(int)> serve) {
    sockaddr_in address = local_address(0);
    socklen_t length = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), length) != 0 || listen(listener, SOMAXCONN) != 0 ||
        getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length) != 0) {
        fail("the port cannot be listened on");
    }
    spawn([listener, serve] {
        Socket socket(listener);
        for (;;) {
            const int descriptor = socket.accept();
            if (descriptor < 0) fail("a connection cannot be accepted");
            send_at_once(descriptor);
            spawn([descriptor, &serve] { serve(descriptor); }).detach();
        }
    }).detach();
    return ntohs(address.sin_port);
}

int connect_to(int port) {
    const sockaddr_in address = local_address(port);
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    const int status = connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address);
    if (status != 0 && errno != EINPROGRESS) {
        close(descriptor);
        return -1;
    }
    send_at_once(descriptor);
    return descriptor;
}
