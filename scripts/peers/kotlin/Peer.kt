// SPDX-License-Identifier: Apache-2.0

import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking

/** The parameters of a workload. */
typealias Parameters = Map<String, Int>

/** A workload, in a scope whose coroutines it may start. */
typealias Workload = suspend CoroutineScope.(Parameters) -> Outcome

private val workloads = mapOf<String, Workload>(
    "ping-pong" to { pingPong(it.getValue("messages")) },
    "yield" to { yieldAll(it.getValue("tasklets"), it.getValue("yields")) },
    "ring" to { ring(it.getValue("nodes"), it.getValue("hops")) },
    "spawn-join" to { spawnJoin(it.getValue("count")) },
    "skynet" to { skynet(it.getValue("leaves"), it.getValue("fan-out")) },
    "parked" to { parked(it.getValue("count")) },
    "timers" to { timers(it.getValue("count"), it.getValue("spread"), it.getValue("cancelled")) },
)

/** What runs coroutines: the event loop of `runBlocking` on one processor, and a pool of threads on several. */
private val dispatcher: CoroutineContext =
    if (Runtime.getRuntime().availableProcessors() == 1) EmptyCoroutineContext else Dispatchers.Default

fun main(arguments: Array<String>) {
    if (arguments[0] == "announce") return announce()
    val workload = workloads.getValue(arguments[0])
    val parameters = arguments.drop(1).map { it.split("=") }.associate { (name, value) -> name to value.toInt() }
    val unit = if (arguments[0] == "parked") "bytes" else "nanoseconds"
    for (line in generateSequence(::readLine)) {
        try {
            println(Outcome.together(perform(line, workload, parameters)).line(unit))
        } catch (error: Exception) {
            println("{\"error\": \"${error.toString().replace(Regex("[\"\\\\\n]"), " ")}\"}")
        }
        System.out.flush()
    }
}

private fun announce() {
    val names = workloads.keys.joinToString("\", \"")
    val library = object {}.javaClass.getResource("/META-INF/kotlinx_coroutines_core.version")!!.readText().trim()
    val version = "coroutines $library, Kotlin ${KotlinVersion.CURRENT}, Java ${Runtime.version()}"
    print("{\"protocol\": 1, \"name\": \"kotlin\", \"version\": \"$version\", ")
    println("\"workloads\": [\"$names\"], \"parallel\": true}")
}

/** Performs a workload as often as a line asks. */
private fun perform(line: String, workload: Workload, parameters: Parameters): List<Outcome> {
    require(line.startsWith("run ")) { "no such command" }
    val times = line.removePrefix("run ").toInt()
    return runBlocking(dispatcher) { List(times) { coroutineScope { workload(parameters) } } }
}
