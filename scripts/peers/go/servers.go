// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const page = "Hello, world!\n"

func listen() (net.Listener, int) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	check(err)
	return listener, listener.Addr().(*net.TCPAddr).Port
}

func listenToEcho(p parameters) int {
	listener, port := listen()
	size := p["bytes"]
	if size < 4096 {
		size = 4096
	}
	go func() {
		for {
			connection, err := listener.Accept()
			check(err)
			go echo(connection, size)
		}
	}()
	return port
}

// echo sends back what comes. Go turns Nagle's algorithm off by itself.
func echo(connection net.Conn, size int) {
	defer connection.Close()
	buffer := make([]byte, size)
	for {
		count, err := connection.Read(buffer)
		if err != nil {
			return
		}
		if _, err := connection.Write(buffer[:count]); err != nil {
			return
		}
	}
}

// serve starts an HTTP server, and returns its port.
func serve(handler http.HandlerFunc) int {
	listener, port := listen()
	go func() { check(http.Serve(listener, handler)) }()
	return port
}

var textPlain = []string{"text/plain"}

func listenToPage(parameters) int {
	return serve(func(reply http.ResponseWriter, request *http.Request) {
		if request.URL.Path != "/" {
			http.NotFound(reply, request)
			return
		}
		reply.Header()["Content-Type"] = textPlain // Otherwise the server inspects the text.
		_, _ = io.WriteString(reply, page)
	})
}

// hog computes in several goroutines, which do not give way, and returns how many finished.
func hog(p parameters) result {
	work := time.Duration(p["work"]) * time.Millisecond
	var finished, steps int64
	var all sync.WaitGroup
	all.Add(p["hogs"])
	begin := time.Now()
	for i := 0; i < p["hogs"]; i++ {
		go func() {
			defer all.Done()
			atomic.AddInt64(&steps, workHard(work))
			atomic.AddInt64(&finished, 1)
		}()
	}
	all.Wait()
	return result{measure: int(time.Since(begin)), answer: int(finished)}
}

// workHard returns the steps made, each of which adds 1, which the compiler cannot prove.
func workHard(work time.Duration) int64 {
	var steps int64
	var state uint64
	for begin := time.Now(); time.Since(begin) < work; {
		for i := 0; i < 1000; i++ {
			state++
			steps += 1 | int64(splitMix(state)>>63)
		}
	}
	return steps
}
