// SPDX-License-Identifier: Apache-2.0

/** What was measured, nanoseconds or bytes, and the answer; of timers, also the waits, and what a deadline costs. */
class Outcome(val measured: Long, val answer: Long, val lateness: List<Long>? = null, val armCancel: Double = 0.0) {
    /** Its line of JSON. */
    fun line(unit: String): String {
        val timers = lateness?.let { ", \"lateness\": $it, \"arm-cancel\": $armCancel" } ?: ""
        return "{\"$unit\": $measured, \"answer\": $answer$timers}"
    }

    companion object {
        /** Those of several runs, whose answers must be equal. */
        fun together(runs: List<Outcome>): Outcome {
            val answer = runs.map { it.answer }.distinct().single()
            val lateness = runs.mapNotNull { it.lateness }.flatten().takeIf { it.isNotEmpty() }
            return Outcome(runs.map { it.measured }.sum(), answer, lateness, runs.map { it.armCancel }.average())
        }
    }
}
