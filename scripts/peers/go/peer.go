// SPDX-License-Identifier: Apache-2.0

// The workloads on goroutines. See ../README.md for the protocol.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// What one run measures, and its answer.
type result struct {
	measure, answer int
	deadlines       *deadlines // only of timers
}

type parameters map[string]int

// A workload is run, or listened to; hog is both.
type workload struct {
	name    string
	measure string
	run     func(parameters) result
	listen  func(parameters) int // returns the port
}

var workloads = []workload{
	{name: "ping-pong", run: pingPong},
	{name: "yield", run: yield},
	{name: "ring", run: ring},
	{name: "spawn-join", run: spawnJoin},
	{name: "skynet", run: skynet},
	{name: "parked", run: parked, measure: "bytes"},
	{name: "timers", run: timers},
	{name: "echo", listen: listenToEcho},
	{name: "http-server", listen: listenToPage},
	{name: "fan-out-http", listen: listenToFanOut},
	{name: "hog", listen: listenToEcho, run: hog},
}

// fail ends the measurement.
func fail(message string) {
	writeLine(map[string]interface{}{"error": message})
	os.Exit(1)
}

// check ends the measurement if something failed.
func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func writeLine(answer map[string]interface{}) {
	_ = json.NewEncoder(os.Stdout).Encode(answer)
}

func announce() {
	var names []string
	for _, w := range workloads {
		names = append(names, w.name)
	}
	writeLine(map[string]interface{}{
		"protocol": 1, "name": "go", "version": runtime.Version(), "workloads": names, "parallel": true,
	})
}

func parse(arguments []string) parameters {
	p := parameters{}
	for _, argument := range arguments {
		name, value, _ := strings.Cut(argument, "=")
		number, err := strconv.Atoi(value)
		if err != nil {
			fail("'" + argument + "' is no parameter with a number")
		}
		p[name] = number
	}
	return p
}

func (w workload) answerLines(p parameters) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		line := lines.Text()
		times, err := strconv.Atoi(strings.TrimPrefix(line, "run "))
		switch {
		case line == "listen" && w.listen != nil:
			writeLine(map[string]interface{}{"port": w.listen(p)})
		case err == nil && w.run != nil:
			writeLine(w.answerRun(times, p))
		default:
			fail("'" + line + "' is not understood")
		}
	}
}

// answerRun performs the workload a number of times.
func (w workload) answerRun(times int, p parameters) map[string]interface{} {
	measure, answer := 0, 0
	var all deadlines
	for i := 0; i < times; i++ {
		once := w.run(p)
		measure += once.measure
		answer = once.answer
		all.add(once.deadlines)
	}
	name := w.measure
	if name == "" {
		name = "nanoseconds"
	}
	fields := map[string]interface{}{name: measure, "answer": answer}
	if all.lateness != nil {
		fields["lateness"] = all.lateness
		fields["arm-cancel"] = all.armCancel / float64(times)
	}
	return fields
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "announce" {
		announce()
		return
	}
	for _, w := range workloads {
		if len(os.Args) > 1 && os.Args[1] == w.name {
			w.answerLines(parse(os.Args[2:]))
			return
		}
	}
	fmt.Fprintln(os.Stderr, "usage: peer announce | peer WORKLOAD NAME=VALUE ...")
	os.Exit(2)
}
