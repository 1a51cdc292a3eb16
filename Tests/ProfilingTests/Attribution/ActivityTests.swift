// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite struct `What a thread was doing` {
    private let tasklet = Owner.tasklet(1)

    /// A function of Swift by its module and path, such as `Tasklets.Channel.send`.
    private func swift(_ name: String, file: String? = nil) -> Frame {
        let parts = name.split(separator: ".").map(String.init)
        let path = Array(parts.dropFirst())
        return Frame(function: "\(path.joined(separator: "."))()", module: parts[0], path: path, file: file)
    }

    private func c(_ function: String, _ object: String? = nil) -> Frame { Frame(function: function, object: object) }

    @Test func `A tasklet's own code is user, and so is what it calls in libraries`() {
        let own = swift("Workloads.pingPong")
        #expect(Activity(of: [own], owner: tasklet) == .user)
        #expect(Activity(of: [c("swift_retain", "libswiftCore.so"), own], owner: tasklet) == .user)
        #expect(Activity(of: [], owner: tasklet) == .unknown)
    }

    @Test func `The scheduler's code is switch, and so is what it calls in the runtime`() {
        let send = swift("Tasklets.Channel.send")
        let own = swift("Workloads.main")
        #expect(Activity(of: [c("swift_task_alloc", "libswift_Concurrency.so"), send, own], owner: tasklet) == .switch)
        #expect(Activity(of: [c("sw_resume", "bench"), own], owner: tasklet) == .switch)
    }

    @Test func `Queues are run queue, and the timer heap is timer`() {
        let append = swift("Tasklets.WaitQueue.append")
        let insert = swift("SchedulerSupport.TimerHeap.insert")
        let send = swift("Tasklets.Channel.send")
        #expect(Activity(of: [append, send], owner: tasklet) == .runQueue)
        #expect(Activity(of: [insert, send], owner: tasklet) == .timer)
        #expect(Activity(of: [insert], owner: .scheduler) == .timer)
    }

    @Test(arguments: ["Workloads", "HTTP", "bench", "Measurement", "Reports", "NIOCore", "Anybody"])
    func `Outside the scheduler a name of the scheduler's makes no difference`(module: String) {
        let names = Landmarks.all.filter { $0.module != nil }
            .map { $0.path.map { $0.replacing("*", with: "Any") }.joined(separator: ".") }
        let files = ["Ring.swift", "WaitQueue.swift", "RunQueue.swift", "TimerHeap.swift", "SocketEndpoint.swift"]
        for name in names {
            for file in files {
                let own = swift("\(module).\(name)", file: "/a/Sources/\(module)/\(file)")
                #expect(Activity(of: [own], owner: tasklet) == .user, "\(name) in \(file)")
            }
        }
    }

    @Test(arguments: [
        "Tasklets", "SchedulerSupport", "RoundRobinBackend", "EpollBackend", "DispatchBackend", "ThreadPerTaskBackend",
        "NIOBackend", "NIOPosix",
    ])
    func `Every module of the scheduler is switch while a tasklet has the processor`(module: String) {
        #expect(Activity(of: [swift("\(module).Something.else"), swift("Workloads.main")], owner: tasklet) == .switch)
        // Code that the compiler adds to the module.
        #expect(Activity(of: [swift(module), swift("Workloads.main")], owner: tasklet) == .switch)
    }

    @Test func `System calls of a tasklet's operation are user`() {
        let call = c("__libc_send", "libc.so.6")
        #expect(Activity(of: [call, swift("SchedulerSupport.SocketEndpoint.write")], owner: tasklet) == .user)
    }

    @Test func `A loop polls, waits, or takes turns`() {
        let call = c("epoll_pwait2", "libc.so.6")
        let pollEvents = swift("EpollBackend.EpollSockets.pollEvents")
        let poll = swift("EpollBackend.EpollScheduler.poll")
        let wait = swift("EpollBackend.EpollScheduler.wait")
        let loop = swift("Tasklets.SchedulerCore.loop")
        #expect(Activity(of: [call, poll, loop], owner: .scheduler) == .poll)
        #expect(Activity(of: [call, wait, loop], owner: .scheduler) == .idle)
        #expect(Activity(of: [loop], owner: .scheduler) == .runQueue)
        // It waits by polling.
        #expect(Activity(of: [call, pollEvents, wait, loop], owner: .scheduler) == .idle)
        #expect(Activity(of: [call, pollEvents, poll, loop], owner: .scheduler) == .poll)
    }

    @Test func `Other threads are outside, whatever they do`() {
        #expect(Activity(of: [swift("Tasklets.SchedulerCore.loop")], owner: .outside) == .outside)
    }

    @Test func `Between two turns a library's loop is the scheduler's`() {
        let wait = c("epoll_wait", "libc.so.6")
        let select = swift("NIOPosix.Selector.whenReady")
        let run = swift("NIOPosix.SelectableEventLoop.run")
        #expect(Activity(of: [wait, select, run], owner: .outside) == .idle)
        let event = swift("NIOPosix.SelectableEventLoop.handleEvent")
        #expect(Activity(of: [event, select, run], owner: .outside) == .poll)
        #expect(Activity(of: [c("swift_retain"), run], owner: .outside) == .runQueue)
        let worker = c("_dispatch_worker_thread", "libdispatch.so")
        #expect(Activity(of: [c("_dispatch_sema4_timedwait"), worker], owner: .outside) == .idle)
        #expect(Activity(of: [c("_dispatch_event_loop_drain_timers"), worker], owner: .outside) == .timer)
        #expect(Activity(of: [c("epoll_wait"), swift("bench.load")], owner: .outside) == .outside)
    }

    @Test func `Code that serves any caller counts as its caller's`() {
        let stub = c("[plt]", "bench")
        let own = swift("Workloads.play")
        let unlock = swift("Tasklets.Lock.unlock")
        #expect(Activity(of: [stub, unlock, own], owner: tasklet) == .switch)
        #expect(Activity(of: [stub, own], owner: tasklet) == .user)
        let calls = [c("syscall", "libc.so.6"), c("linux_parker_unpark", "bench")]
        #expect(Activity(of: calls + [unlock, own], owner: tasklet) == .switch)
        let polls = [c("ppoll", "libc.so.6"), c("linux_poll_all", "bench")]
        let block = swift("ThreadPerTaskBackend.BlockingSockets.block")
        #expect(Activity(of: polls + [block, own], owner: tasklet) == .idle)
    }

    @Test func `A tasklet's own thread is its scheduler's from start to end`() {
        let start = c("start_thread", "libc.so.6")
        let clone = c("clone3", "libc.so.6")
        let run = swift("ThreadPerTaskBackend.TaskletThread.run")
        #expect(Activity(of: [c("malloc", "libc.so.6"), run, start, clone], owner: .outside) == .switch)
        #expect(Activity(of: [start, clone], owner: .outside) == .switch)
        #expect(Activity(of: [swift("bench.load"), start, clone], owner: .outside) == .outside)
    }

    @Test func `A loop that dispatches events polls, though it waited for them`() {
        let stack = [
            swift("SchedulerSupport.SocketEndpoint.becameReady"), swift("EpollBackend.EpollSockets.dispatch"),
            swift("EpollBackend.EpollScheduler.wait"),
        ]
        #expect(Activity(of: stack, owner: .scheduler) == .poll)
    }
}

@Suite struct `The frames through which a tasklet is reached` {
    private func frames(_ names: String...) -> [Frame] { names.map { Frame(function: $0) } }

    @Test func `They are left out, up to the innermost start`() {
        let stack = frames("send", "work", "sw_resume", "loop", "swift_job_run_on_task_executor", "main", "_start")
        #expect(stack.withoutStart(.tasklet(1)) == frames("send", "work"))
    }

    @Test func `A loop loses only what is below it`() {
        let job = ["swift::runJobInEstablishedExecutorContext", "swift_job_run_on_task_executor"]
        let stack = frames("remove", "sw_resume", "loop", job[0], job[1], "main", "_start")
        #expect(stack.withoutStart(.scheduler) == frames("remove", "sw_resume", "loop"))
    }

    @Test func `The interrupted frame stays`() {
        #expect(frames("sw_resume", "loop", "main").withoutStart(.tasklet(1)) == frames("sw_resume"))
    }

    @Test func `Where a library runs the loop, it begins with the scheduler's first function`() {
        let stack = [
            Frame(function: "swift_retain"), Frame(function: "turn()", module: "DispatchBackend"),
            Frame(function: "_dispatch_worker_thread"), Frame(function: "start_thread"),
        ]
        #expect(stack.withoutStart(.scheduler) == Array(stack.prefix(3)))
        #expect(stack.withoutStart(.outside) == Array(stack.prefix(3)))
    }

    @Test func `Other threads keep all frames`() {
        #expect(frames("sw_resume", "main").withoutStart(.outside) == frames("sw_resume", "main"))
    }
}
