// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"
)

// splitMix is the first number of a SplitMix64 generator.
func splitMix(seed uint64) uint64 {
	z := seed + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func replyOf(number, back uint64) uint64 { return splitMix(number<<16|back) >> 8 }

func delayOf(number, back uint64, mean int) time.Duration {
	share := float64(splitMix(number<<16|back|1<<62)>>11) / (1 << 53)
	return time.Duration(float64(mean) * 1000 * math.Min(8, -math.Log(1-share)))
}

func listenToFanOut(p parameters) int {
	var roots []string
	for i := 0; i < p["fan-out"]; i++ {
		back, mean := uint64(i), p["delay"]
		port := serveNumbers(func(number uint64) (uint64, error) {
			time.Sleep(delayOf(number, back, mean))
			return replyOf(number, back), nil
		})
		roots = append(roots, fmt.Sprintf("http://127.0.0.1:%d/", port))
	}
	client := newClient()
	return serveNumbers(func(number uint64) (uint64, error) {
		return sumOfReplies(client, roots, strconv.FormatUint(number, 10))
	})
}

// serveNumbers starts a server that replies to GET /N with a number, and returns its port.
func serveNumbers(compute func(uint64) (uint64, error)) int {
	return serve(func(reply http.ResponseWriter, request *http.Request) {
		number, err := strconv.ParseUint(request.URL.Path[1:], 10, 64)
		if err != nil {
			http.NotFound(reply, request)
			return
		}
		answer, err := compute(number)
		if err != nil {
			http.Error(reply, err.Error(), http.StatusBadGateway)
			return
		}
		reply.Header()["Content-Type"] = textPlain
		_, _ = io.WriteString(reply, strconv.FormatUint(answer, 10))
	})
}

// newClient keeps as many connections to a back end as were ever needed at once: by default, a client keeps two.
func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 10_000, DisableCompression: true}}
}

// sumOfReplies asks all back ends at once.
func sumOfReplies(client *http.Client, roots []string, path string) (uint64, error) {
	type outcome struct {
		number uint64
		err    error
	}
	outcomes := make(chan outcome, len(roots))
	for _, root := range roots {
		go func(url string) {
			number, err := getNumber(client, url)
			outcomes <- outcome{number, err}
		}(root + path)
	}
	var sum uint64
	for range roots {
		each := <-outcomes
		if each.err != nil {
			return 0, each.err
		}
		sum += each.number
	}
	return sum, nil
}

func getNumber(client *http.Client, url string) (uint64, error) {
	reply, err := client.Get(url)
	if err != nil {
		return 0, err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(string(text), 10, 64)
}
