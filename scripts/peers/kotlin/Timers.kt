// SPDX-License-Identifier: Apache-2.0

import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong
import kotlin.random.Random
import kotlin.time.Duration.Companion.nanoseconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

// Deadlines that expire, and then deadlines that are armed and cancelled.

private const val BATCHES = 10

/** What some receives take, and how many come before their deadline. */
private class Exchange(val nanoseconds: Long, val received: Long)

suspend fun CoroutineScope.timers(count: Int, spread: Int, cancelled: Int): Outcome {
    val lateness = LongArray(count)
    val first = CompletableDeferred<Long>()
    val sleepers = launchSleepers(lateness, spread * 1_000_000L, first)
    val begin = System.nanoTime()
    // Time for all to fall asleep before the first deadline.
    first.complete(begin + 10_000_000 + 20_000L * count)
    sleepers.joinAll()
    val cancelling = armAndCancel(cancelled, count)
    val nanoseconds = System.nanoTime() - begin
    val inTime = lateness.count { it >= 0 }
    val waits = lateness.map { maxOf(0, it) }
    val armCancel = cancelling.nanoseconds.toDouble() / cancelled
    return Outcome(nanoseconds, inTime + cancelling.received, waits, armCancel)
}

/** Starts tasks that wait for the first deadline, sleep until their own, and note how late they wake. */
private suspend fun CoroutineScope.launchSleepers(
    lateness: LongArray,
    spread: Long,
    first: CompletableDeferred<Long>,
): List<Job> {
    val arrived = AtomicLong()
    val sleepers = lateness.indices.shuffled().map { index ->
        launch {
            arrived.incrementAndGet()
            val deadline = first.await() + spread * index / lateness.size
            delay((deadline - System.nanoTime()).nanoseconds)
            lateness[index] = System.nanoTime() - deadline
        }
    }
    awaitArrivals(arrived, lateness.size)
    return sleepers
}

/** Receives with deadlines, less as many without, beside tasks that sleep. */
private suspend fun CoroutineScope.armAndCancel(messages: Int, count: Int): Exchange {
    val sleepers = farOff(count).map { milliseconds -> launch { delay(milliseconds) } }
    var received = 0L
    var difference = 0L
    for (batch in 0L until BATCHES) {
        val size = (messages * (batch + 1) / BATCHES - messages * batch / BATCHES).toInt()
        val with = exchange(size, farOff(256))
        received += with.received
        difference += with.nanoseconds - exchange(size, null).nanoseconds
    }
    sleepers.forEach { it.cancelAndJoin() }
    return Exchange(difference, received)
}

/** Times of an hour or two, in milliseconds. */
private fun farOff(count: Int): List<Long> =
    List(count) { Random.nextLong(TimeUnit.HOURS.toMillis(1), TimeUnit.HOURS.toMillis(2)) }

/** Receives messages, with one timeout after the other if there are any. */
private suspend fun CoroutineScope.exchange(size: Int, timeouts: List<Long>?): Exchange {
    val channel = Channel<Long>()
    val sender = launch { for (number in 0L until size) channel.send(number) }
    var received = 0L
    val begin = System.nanoTime()
    for (number in 0 until size) {
        if (timeouts == null) {
            channel.receive()
        } else {
            val message = withTimeoutOrNull(timeouts[number % timeouts.size]) { channel.receive() }
            if (message == number.toLong()) received++
        }
    }
    val nanoseconds = System.nanoTime() - begin
    sender.join()
    return Exchange(nanoseconds, received)
}
