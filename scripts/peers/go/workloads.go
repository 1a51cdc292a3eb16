// SPDX-License-Identifier: Apache-2.0

package main

import (
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

// letOthersWait runs all others until they wait: what counts in arrived waits right after. On another processor,
// nothing tells when it does, but it takes far less than the pause.
func letOthersWait(arrived *int64, count int) {
	for atomic.LoadInt64(arrived) < int64(count) {
		runtime.Gosched()
	}
	runtime.Gosched()
	if runtime.GOMAXPROCS(0) > 1 {
		time.Sleep(100 * time.Microsecond)
	}
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
	return result{measure: int(elapsed), answer: counter}
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
	return result{measure: int(time.Since(begin)), answer: int(yielded)}
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
	return result{measure: int(elapsed), answer: int(made)*nodes + last}
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
	return result{measure: int(time.Since(begin)), answer: sum}
}

func skynet(p parameters) result {
	root := parent{}
	begin := time.Now()
	root.children.Add(1)
	go root.sumSubtree(0, p["leaves"], p["fan-out"])
	root.children.Wait()
	return result{measure: int(time.Since(begin)), answer: int(root.sum)}
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
	return result{measure: occupied, answer: int(received)}
}

func residentBytes() int {
	statm, err := os.ReadFile("/proc/self/statm")
	check(err)
	pages, _ := strconv.Atoi(strings.Fields(string(statm))[1])
	return pages * os.Getpagesize()
}
