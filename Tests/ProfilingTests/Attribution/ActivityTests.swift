// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite struct `What a thread was at` {
    private let tasklet = Owner.tasklet(1)

    private func frame(_ function: String, _ module: String? = nil, file: String? = nil, object: String? = nil) -> Frame
    {
        Frame(function: function, module: module, object: object, file: file.map { "/a/Sources/\($0)" })
    }

    @Test func `A tasklet's own code is the user's, and so is what that calls in libraries`() {
        let own = frame("closure #1 in pingPong", "Workloads", file: "Workloads/PingPong.swift")
        #expect(Activity(of: [own], owner: tasklet) == .user)
        #expect(Activity(of: [frame("swift_retain", object: "libswiftCore.so"), own], owner: tasklet) == .user)
        #expect(Activity(of: [], owner: tasklet) == .unknown)
    }

    @Test func `The scheduler's code is a switch, though the runtime does its work`() {
        let send = frame("Channel.send(_:)", "Tasklets", file: "Tasklets/API/Channel.swift")
        let own = frame("main", "Workloads", file: "Workloads/PingPong.swift")
        let allocation = frame("swift_task_alloc", object: "libswift_Concurrency.so")
        #expect(Activity(of: [allocation, send, own], owner: tasklet) == .switch)
        #expect(Activity(of: [frame("sw_resume", object: "bench"), own], owner: tasklet) == .switch)
    }

    @Test func `The ring is the run queue, and a heap keeps deadlines`() {
        let append = frame("append", "Tasklets", file: "Tasklets/Core/Ring.swift")
        let insert = frame("insert", "SchedulerSupport", file: "SchedulerSupport/TimerHeap.swift")
        let send = frame("Channel.send(_:)", "Tasklets", file: "Tasklets/API/Channel.swift")
        #expect(Activity(of: [append, send], owner: tasklet) == .runQueue)
        #expect(Activity(of: [insert, send], owner: tasklet) == .timer)
        #expect(Activity(of: [insert], owner: .scheduler) == .timer)
    }

    @Test func `System calls that a tasklet asked for are its own`() {
        let call = frame("__libc_send", object: "libc.so.6")
        let endpoint = frame(
            "SocketEndpoint.write(_:)",
            "SchedulerSupport",
            file: "SchedulerSupport/Sockets/SocketEndpoint.swift"
        )
        #expect(Activity(of: [call, endpoint], owner: tasklet) == .user)
    }

    @Test func `A loop looks, waits, or takes turns`() {
        let call = frame("epoll_pwait2", object: "libc.so.6")
        let look = frame("EpollSockets.lookFor(events:)", "EpollBackend")
        let poll = frame("EpollScheduler.poll(_:)", "EpollBackend")
        let wait = frame("EpollScheduler.wait(_:)", "EpollBackend")
        let loop = frame("SchedulerCore.loop()", "Tasklets", file: "Tasklets/Core/SchedulerCore+Loop.swift")
        #expect(Activity(of: [call, poll, loop], owner: .scheduler) == .poll)
        #expect(Activity(of: [call, wait, loop], owner: .scheduler) == .idle)
        #expect(Activity(of: [loop], owner: .scheduler) == .runQueue)
        // Waiting is done by looking.
        #expect(Activity(of: [call, look, wait, loop], owner: .scheduler) == .idle)
        #expect(Activity(of: [call, look, poll, loop], owner: .scheduler) == .poll)
    }

    @Test func `Other threads are outside, whatever they do`() {
        let loop = frame("SchedulerCore.loop()", "Tasklets", file: "Tasklets/Core/SchedulerCore+Loop.swift")
        #expect(Activity(of: [loop], owner: .outside) == .outside)
    }

    @Test func `Between two turns a library's loop is the scheduler's`() {
        let wait = frame("epoll_wait", object: "libc.so.6")
        let select = frame("Selector.whenReady(strategy:onLoopBegin:_:)", "NIOPosix")
        let run = frame("SelectableEventLoop.run()", "NIOPosix")
        #expect(Activity(of: [wait, select, run], owner: .outside) == .idle)
        let event = frame("SelectableEventLoop.handleEvent(_:channel:)", "NIOPosix")
        #expect(Activity(of: [event, select, run], owner: .outside) == .poll)
        #expect(Activity(of: [frame("swift_retain"), run], owner: .outside) == .runQueue)
        let worker = frame("_dispatch_worker_thread", object: "libdispatch.so")
        #expect(Activity(of: [frame("_dispatch_sema4_timedwait"), worker], owner: .outside) == .idle)
        #expect(Activity(of: [frame("_dispatch_event_loop_drain_timers"), worker], owner: .outside) == .timer)
        #expect(Activity(of: [frame("epoll_wait"), frame("load", "bench")], owner: .outside) == .outside)
    }

    @Test func `Whoever helps everybody tells nothing: the caller does`() {
        let stub = frame("[plt]", object: "bench")
        let own = frame("play()", "Workloads")
        let rise = frame("linux_seat_rise", object: "bench")
        let unlock = frame("Lock.unlock()", "Tasklets", file: "Tasklets/Core/Lock.swift")
        #expect(Activity(of: [stub, unlock, own], owner: tasklet) == .switch)
        #expect(Activity(of: [stub, own], owner: tasklet) == .user)
        #expect(Activity(of: [frame("syscall", object: "libc.so.6"), rise, unlock, own], owner: tasklet) == .switch)
        let poll = frame("linux_poll_all", object: "bench")
        let block = frame("BlockingSockets.block(until:)", "ThreadPerTaskBackend")
        #expect(Activity(of: [frame("ppoll", object: "libc.so.6"), poll, block, own], owner: tasklet) == .idle)
    }

    @Test func `A tasklet's own thread is its scheduler's from its start to its end`() {
        let start = frame("start_thread", object: "libc.so.6")
        let clone = frame("clone3", object: "libc.so.6")
        let run = frame("TaskletThread.run()", "ThreadPerTaskBackend", file: "ThreadPerTask/TaskletThread.swift")
        #expect(Activity(of: [frame("malloc", object: "libc.so.6"), run, start, clone], owner: .outside) == .switch)
        #expect(Activity(of: [start, clone], owner: .outside) == .switch)
        #expect(Activity(of: [frame("load()", "bench"), start, clone], owner: .outside) == .outside)
    }

    @Test func `A loop that passes on what has come polls, though it has waited for it`() {
        let pass = frame("EpollSockets.passOn(_:)", "EpollBackend")
        let wait = frame("EpollScheduler.wait(_:)", "EpollBackend")
        #expect(Activity(of: [frame("becameReady", "SchedulerSupport"), pass, wait], owner: .scheduler) == .poll)
    }
}

@Suite struct `The frames by which a tasklet is reached` {
    private func frames(_ names: String...) -> [Frame] { names.map { Frame(function: $0) } }

    @Test func `They are left out, up to the innermost start`() {
        let stack = frames("send", "work", "sw_resume", "loop", "swift_job_run_on_task_executor", "main", "_start")
        #expect(stack.withoutStart(.tasklet(1)) == frames("send", "work"))
    }

    @Test func `Of a loop only what is below it is left out`() {
        let job = ["swift::runJobInEstablishedExecutorContext", "swift_job_run_on_task_executor"]
        let stack = frames("remove", "sw_resume", "loop", job[0], job[1], "main", "_start")
        #expect(stack.withoutStart(.scheduler) == frames("remove", "sw_resume", "loop"))
    }

    @Test func `What was interrupted stays`() {
        #expect(frames("sw_resume", "loop", "main").withoutStart(.tasklet(1)) == frames("sw_resume"))
    }

    @Test func `Where a library runs the loop it begins with the scheduler's first function`() {
        let stack = [
            Frame(function: "swift_retain"), Frame(function: "turn()", module: "DispatchBackend"),
            Frame(function: "_dispatch_worker_thread"), Frame(function: "start_thread"),
        ]
        #expect(stack.withoutStart(.scheduler) == Array(stack.prefix(3)))
        #expect(stack.withoutStart(.outside) == Array(stack.prefix(3)))
    }

    @Test func `Of other threads all is kept`() {
        #expect(frames("sw_resume", "main").withoutStart(.outside) == frames("sw_resume", "main"))
    }
}
