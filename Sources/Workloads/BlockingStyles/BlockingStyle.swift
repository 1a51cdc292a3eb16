// SPDX-License-Identifier: Apache-2.0

/// How a front end waits for pages.
enum BlockingStyle: String, CaseIterable {
    /// Completion handlers alone.
    case callbacks
    /// A tasklet a page, which receives what the callback sends.
    case blockOn = "block-on"
    /// A tasklet a page, which waits for a one-shot that the callback fulfils.
    case oneShot = "one-shot"
    /// A tasklet a page, which fetches it itself.
    case tasklets
}

/// Where a tasklet waits.
enum WaitPlace: String, CaseIterable {
    /// In its asynchronous code.
    case tasklet
    /// In synchronous code that it has called: a comparator given to `sort`.
    case frame
}

/// What is done against a cause of hard switches.
enum Softening: String, CaseIterable {
    /// Nothing.
    case none
    /// Where a callback sends, the receiver is made runnable, and the callback goes on: the value is handed over without
    /// a switch.
    ///
    /// Stackless's channels have the choice as their preference.
    case queuedHandOver = "queued-hand-over"
    /// A callback that sends runs in a tasklet of its own, where the send is asynchronous code, instead of running to
    /// completion in the reactor's.
    case callbackTasklets = "callback-tasklets"
    /// What a frame waits for is awaited before it, so that the frame finds it there: what is ready is taken without
    /// waiting.
    case fastPath = "fast-path"
}
