// SPDX-License-Identifier: Apache-2.0

// The workloads on goroutines. See ../README.md for the protocol.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A channel is an unbuffered channel of integers: a rendezvous.
type channel = chan int

// What one run measures, and its answer.
type result struct{ measure, answer int }

type parameters map[string]int

type workload struct {
	name    string
	measure string
	run     func(parameters) result
}

var workloads = []workload{
	{"ping-pong", "nanoseconds", pingPong},
	{"yield", "nanoseconds", yield},
	{"ring", "nanoseconds", ring},
	{"spawn-join", "nanoseconds", spawnJoin},
	{"skynet", "nanoseconds", skynet},
	{"parked", "bytes", parked},
}

// letOthersWait runs all others until they wait. There is one processor, and what counts in arrived waits right after.
func letOthersWait(arrived *int64, count int) {
	for atomic.LoadInt64(arrived) < int64(count) {
		runtime.Gosched()
	}
	runtime.Gosched()
}

func pingPong(p parameters) result {
	messages := p["messages"]
	there, back := make(channel), make(channel)
	var arrived int64
	var peer sync.WaitGroup
	peer.Add(1)
	go func() {
		defer peer.Done()
		atomic.AddInt64(&arrived, 1)
		for i := 0; i < messages; i++ {
			back <- <-there + 1
		}
	}()
	letOthersWait(&arrived, 1)
	counter := 0
	begin := time.Now()
	for i := 0; i < messages; i++ {
		there <- counter
		counter = <-back
	}
	elapsed := time.Since(begin)
	peer.Wait()
	return result{int(elapsed), counter}
}

func yield(p parameters) result {
	tasks, yields := p["tasklets"], p["yields"]
	gate := make(channel)
	var arrived, yielded int64
	var all sync.WaitGroup
	all.Add(tasks)
	for i := 0; i < tasks; i++ {
		go func() {
			defer all.Done()
			atomic.AddInt64(&arrived, 1)
			<-gate
			atomic.AddInt64(&yielded, yieldRepeatedly(yields))
		}()
	}
	letOthersWait(&arrived, tasks)
	begin := time.Now()
	close(gate)
	all.Wait()
	return result{int(time.Since(begin)), int(yielded)}
}

func yieldRepeatedly(yields int) int64 {
	count := 0
	for count < yields {
		runtime.Gosched()
		count++
	}
	return int64(count)
}

func ring(p parameters) result {
	nodes, hops := p["nodes"], p["hops"]
	links := make([]channel, nodes)
	for i := range links {
		links[i] = make(channel)
	}
	finish := make(channel)
	var arrived, made int64
	var all sync.WaitGroup
	all.Add(nodes)
	for i := range links {
		go func(number int) {
			defer all.Done()
			atomic.AddInt64(&arrived, 1)
			atomic.AddInt64(&made, passOn(number, links[number], links[(number+1)%nodes], finish))
		}(i)
	}
	letOthersWait(&arrived, nodes)
	begin := time.Now()
	links[0] <- hops
	last := <-finish
	elapsed := time.Since(begin)
	for _, link := range links {
		close(link)
	}
	all.Wait()
	return result{int(elapsed), int(made)*nodes + last}
}

// passOn is a node, until its channel is closed. It returns the number of hops that it made.
func passOn(number int, incoming, outgoing, finish channel) int64 {
	made := 0
	for remaining := range incoming {
		if remaining == 0 {
			finish <- number
		} else {
			made++
			outgoing <- remaining - 1
		}
	}
	return int64(made)
}

func spawnJoin(p parameters) result {
	count := p["count"]
	sum := 0
	var task sync.WaitGroup
	begin := time.Now()
	for i := 0; i < count; i++ {
		number := i
		task.Add(1)
		go func() {
			sum += number // Unshared: Wait returns only after the addition.
			task.Done()
		}()
		task.Wait()
	}
	return result{int(time.Since(begin)), sum}
}

func skynet(p parameters) result {
	root := parent{}
	begin := time.Now()
	root.children.Add(1)
	go root.sumSubtree(0, p["leaves"], p["fan-out"])
	root.children.Wait()
	return result{int(time.Since(begin)), int(root.sum)}
}

// A parent waits for its children, which add to its sum.
type parent struct {
	sum      int64
	children sync.WaitGroup
}

// sumSubtree is a child: a leaf, or a node with children of its own.
func (p *parent) sumSubtree(first, leaves, fanOut int) {
	if leaves == 1 {
		atomic.AddInt64(&p.sum, int64(first))
	} else {
		atomic.AddInt64(&p.sum, sumChildren(first, leaves, fanOut))
	}
	p.children.Done()
}

func sumChildren(first, leaves, fanOut int) int64 {
	var self parent
	count := fanOut
	if leaves < count {
		count = leaves
	}
	self.children.Add(count)
	for child := 0; child < count; child++ {
		share := leaves / count
		if child < leaves%count {
			share++ // The first children take the remainder.
		}
		go self.sumSubtree(first, share, fanOut)
		first += share
	}
	self.children.Wait()
	return self.sum
}

func parked(p parameters) result {
	count := p["count"]
	gate := make(channel)
	var arrived, received, finished int64
	task := func() {
		atomic.AddInt64(&arrived, 1)
		atomic.AddInt64(&received, int64(<-gate))
		atomic.AddInt64(&finished, 1)
	}
	debug.FreeOSMemory()
	before := residentBytes()
	for i := 0; i < count; i++ {
		go task()
	}
	letOthersWait(&arrived, count)
	occupied := residentBytes() - before
	for number := 0; number < count; number++ {
		gate <- number
	}
	for atomic.LoadInt64(&finished) < int64(count) {
		runtime.Gosched()
	}
	return result{occupied, int(received)}
}

func residentBytes() int {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		fail(err.Error())
	}
	pages, _ := strconv.Atoi(strings.Fields(string(statm))[1])
	return pages * os.Getpagesize()
}

// fail ends the measurement.
func fail(message string) {
	_ = json.NewEncoder(os.Stdout).Encode(map[string]string{"error": message})
	os.Exit(1)
}

func announce() {
	var names []string
	for _, w := range workloads {
		names = append(names, w.name)
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
		"protocol": 1, "name": "go", "version": runtime.Version(), "workloads": names,
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
		times, err := strconv.Atoi(strings.TrimPrefix(lines.Text(), "run "))
		if err != nil {
			fail("'" + lines.Text() + "' is not understood")
		}
		var total result
		for i := 0; i < times; i++ {
			once := w.run(p)
			total.measure += once.measure
			total.answer = once.answer
		}
		fmt.Printf("{\"%s\": %d, \"answer\": %d}\n", w.measure, total.measure, total.answer)
	}
}

func main() {
	runtime.GOMAXPROCS(1)
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
