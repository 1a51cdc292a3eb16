// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math/rand"
	"sync"
	"sync/atomic"
	"time"
)

// What timers measures besides the time. The lateness is in nanoseconds.
type deadlines struct {
	lateness  []int
	armCancel float64
}

func (d *deadlines) add(once *deadlines) {
	if once != nil {
		d.lateness = append(d.lateness, once.lateness...)
		d.armCancel += once.armCancel
	}
}

func timers(p parameters) result {
	all := sleepers{count: p["count"], spread: time.Duration(p["spread"]) * time.Millisecond}
	all.spawn()
	begin := time.Now()
	awake := all.sleepAndWake()
	received, armCancel := armAndCancel(p["cancelled"], p["count"])
	elapsed := time.Since(begin)
	return result{int(elapsed), awake + received, &deadlines{all.lateness, armCancel}}
}

// Goroutines that each sleep until a deadline of their own.
type sleepers struct {
	count    int
	spread   time.Duration
	gate     chan time.Time
	lateness []int
	early    int64
	ended    sync.WaitGroup
}

// spawn starts the goroutines in random order, until they wait at the gate.
func (s *sleepers) spawn() {
	s.gate = make(chan time.Time)
	s.lateness = make([]int, s.count)
	s.ended.Add(s.count)
	var arrived int64
	for _, index := range rand.New(rand.NewSource(1)).Perm(s.count) {
		index := index
		go func() {
			defer s.ended.Done()
			atomic.AddInt64(&arrived, 1)
			s.sleep(index, <-s.gate)
		}()
	}
	letOthersWait(&arrived, s.count)
}

// sleepAndWake returns the number of goroutines that did not wake early.
func (s *sleepers) sleepAndWake() int {
	// Long enough for all to fall asleep.
	first := time.Now().Add(10*time.Millisecond + time.Duration(s.count)*10*time.Microsecond)
	for i := 0; i < s.count; i++ {
		s.gate <- first
	}
	s.ended.Wait()
	return s.count - int(s.early)
}

func (s *sleepers) sleep(index int, first time.Time) {
	deadline := first.Add(s.spread * time.Duration(index) / time.Duration(s.count))
	time.Sleep(time.Until(deadline))
	late := time.Since(deadline)
	if late < 0 {
		atomic.AddInt64(&s.early, 1)
		late = 0
	}
	s.lateness[index] = int(late)
}

// farOff is an hour or two.
func farOff(random *rand.Rand) time.Duration {
	return time.Hour + time.Duration(random.Int63n(int64(time.Hour)))
}

// armAndCancel returns the number of messages received before their deadline, and what a deadline costs, beside
// goroutines that sleep.
func armAndCancel(messages, sleeping int) (int, float64) {
	const batches = 10
	random := rand.New(rand.NewSource(2))
	wakeAll := sleepLong(sleeping, random)
	received := 0
	var difference time.Duration
	for batch := 0; batch < batches; batch++ {
		size := messages*(batch+1)/batches - messages*batch/batches
		begin := time.Now()
		received += exchange(size, receiveInTime(random))
		difference += time.Since(begin)
		begin = time.Now()
		exchange(size, func(_ int, messages channel) int { return <-messages })
		difference -= time.Since(begin)
	}
	wakeAll()
	return received, float64(difference) / float64(messages)
}

// sleepLong starts goroutines that sleep for an hour or two, and returns what ends them.
func sleepLong(count int, random *rand.Rand) func() {
	done := make(chan struct{})
	var arrived int64
	var ended sync.WaitGroup
	ended.Add(count)
	for i := 0; i < count; i++ {
		timer := time.NewTimer(farOff(random))
		go func() {
			defer ended.Done()
			defer timer.Stop()
			atomic.AddInt64(&arrived, 1)
			select {
			case <-timer.C:
			case <-done:
			}
		}()
	}
	letOthersWait(&arrived, count)
	return func() {
		close(done)
		ended.Wait()
	}
}

// receiveInTime returns a receive with a deadline, which it arms in a timer that is used again.
func receiveInTime(random *rand.Rand) func(int, channel) int {
	durations := make([]time.Duration, 256)
	for i := range durations {
		durations[i] = farOff(random)
	}
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return func(number int, messages channel) int {
		timer.Reset(durations[number%len(durations)])
		select {
		case message := <-messages:
			timer.Stop()
			return message
		case <-timer.C:
			return -1
		}
	}
}

// exchange returns the number of messages that come as they were sent.
func exchange(size int, receive func(int, channel) int) int {
	messages := make(channel)
	go func() {
		for number := 0; number < size; number++ {
			messages <- number
		}
	}()
	received := 0
	for number := 0; number < size; number++ {
		if receive(number, messages) == number {
			received++
		}
	}
	return received
}
