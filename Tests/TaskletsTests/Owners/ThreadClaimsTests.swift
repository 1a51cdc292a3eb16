// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Tasklets

@Suite struct `Claims of threads on tasklets` {
    @Test func `A tasklet is found by its task from its start to its end`() {
        let node = IdleScheduler(nodes: 1)
        var claims = ThreadClaims()
        node.nodes[0].pointee.task = 7
        #expect(claims.tasklet(of: 7) == nil)
        claims.noteStart(of: node.nodes[0])
        #expect(claims.tasklet(of: 7) == node.nodes[0])
        claims.noteEnd(of: node.nodes[0])
        #expect(claims.tasklet(of: 7) == nil)
    }

    @Test func `A thread releases what it has claimed, once`() {
        let scheduler = IdleScheduler(nodes: 1)
        let node = scheduler.nodes[0]
        var claims = ThreadClaims()
        #expect(!claims.isHeld(node))
        claims.take(node)
        #expect(claims.isHeld(node))
        #expect(claims.release() == node)
        #expect(!claims.isHeld(node))
        #expect(claims.release() == nil)
    }

    @Test func `A claim that another thread takes over is gone`() {
        let scheduler = IdleScheduler(nodes: 1)
        let node = scheduler.nodes[0]
        var claims = ThreadClaims()
        claims.take(node)
        let mine = node.pointee.claimant
        // As if another thread had claimed it before.
        node.pointee.claimant = mine &+ 64
        claims.take(node)
        #expect(node.pointee.claimant == mine)
        #expect(claims.release() == node)
    }
}
