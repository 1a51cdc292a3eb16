// SPDX-License-Identifier: Apache-2.0

import java.io.File
import java.util.concurrent.atomic.AtomicLong
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield

// The workloads of tasks and channels: a channel without capacity is a rendezvous.

suspend fun CoroutineScope.pingPong(messages: Int): Outcome {
    val there = Channel<Long>()
    val back = Channel<Long>()
    val arrived = AtomicLong()
    launch {
        arrived.incrementAndGet()
        repeat(messages) { back.send(there.receive() + 1) }
    }
    awaitArrivals(arrived, 1)
    val begin = System.nanoTime()
    var counter = 0L
    repeat(messages) {
        there.send(counter)
        counter = back.receive()
    }
    return Outcome(System.nanoTime() - begin, counter)
}

/** Waits until tasks have arrived; one that has goes on until it waits. */
suspend fun awaitArrivals(arrived: AtomicLong, count: Int) {
    while (arrived.get() < count) yield()
}

suspend fun CoroutineScope.yieldAll(tasklets: Int, yields: Int): Outcome {
    val gate = CompletableDeferred<Unit>()
    val arrived = AtomicLong()
    val yielded = AtomicLong()
    val started = List(tasklets) {
        launch {
            arrived.incrementAndGet()
            gate.await()
            yielded.addAndGet(yieldRepeatedly(yields))
        }
    }
    awaitArrivals(arrived, tasklets)
    val begin = System.nanoTime()
    gate.complete(Unit)
    started.joinAll()
    return Outcome(System.nanoTime() - begin, yielded.get())
}

private suspend fun yieldRepeatedly(yields: Int): Long {
    var count = 0L
    while (count < yields) {
        yield()
        count++
    }
    return count
}

suspend fun CoroutineScope.ring(nodes: Int, hops: Int): Outcome {
    val circle = Circle(nodes)
    val started = List(nodes) { launch { circle.pass(it) } }
    awaitArrivals(circle.arrived, nodes)
    val begin = System.nanoTime()
    circle.links[0].send(hops.toLong())
    val lastHolder = circle.finish.receive()
    val nanoseconds = System.nanoTime() - begin
    circle.links.forEach { it.close() }
    started.joinAll()
    return Outcome(nanoseconds, circle.hops.get() * nodes + lastHolder)
}

/** Node n receives on link n, and sends on link n + 1. */
private class Circle(nodes: Int) {
    val links = List(nodes) { Channel<Long>() }
    val finish = Channel<Long>()
    val arrived = AtomicLong()
    val hops = AtomicLong()

    suspend fun pass(node: Int) {
        val outgoing = links[(node + 1) % links.size]
        arrived.incrementAndGet()
        var made = 0L
        for (remaining in links[node]) {
            if (remaining == 0L) {
                finish.send(node.toLong())
            } else {
                made++
                outgoing.send(remaining - 1)
            }
        }
        hops.addAndGet(made)
    }
}

suspend fun CoroutineScope.spawnJoin(count: Int): Outcome {
    var sum = 0L
    val begin = System.nanoTime()
    for (number in 0 until count) launch { sum += number }.join()
    return Outcome(System.nanoTime() - begin, sum)
}

suspend fun CoroutineScope.skynet(leaves: Int, fanOut: Int): Outcome {
    val total = AtomicLong()
    val begin = System.nanoTime()
    launchSubtree(0, leaves, fanOut, total).join()
    return Outcome(System.nanoTime() - begin, total.get())
}

private fun CoroutineScope.launchSubtree(first: Long, leaves: Int, fanOut: Int, total: AtomicLong): Job = launch {
    total.addAndGet(if (leaves > 1) sumOfChildren(first, leaves, fanOut) else first)
}

/** Its scope joins the children. */
private suspend fun sumOfChildren(first: Long, leaves: Int, fanOut: Int): Long {
    val total = AtomicLong()
    coroutineScope {
        val children = minOf(fanOut, leaves)
        var next = first
        for (child in 0 until children) {
            // The first children take the remainder.
            val share = leaves / children + if (child < leaves % children) 1 else 0
            launchSubtree(next, share, fanOut, total)
            next += share
        }
    }
    return total.get()
}

suspend fun CoroutineScope.parked(count: Int): Outcome {
    val gate = Channel<Long>()
    val arrived = AtomicLong()
    val received = AtomicLong()
    System.gc()
    val before = resident()
    val started = ArrayList<Job>(count)
    repeat(count) {
        started += launch {
            arrived.incrementAndGet()
            received.addAndGet(gate.receive())
        }
    }
    awaitArrivals(arrived, count)
    val bytes = resident() - before
    for (number in 0L until count) gate.send(number)
    started.joinAll()
    return Outcome(bytes, received.get())
}

/** The resident memory in bytes; Java does not tell the size of a page, which is 4 KiB on x86-64. */
private fun resident(): Long = File("/proc/self/statm").readText().split(" ")[1].toLong() * 4096
