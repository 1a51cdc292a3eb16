// SPDX-License-Identifier: Apache-2.0

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{channel, Receiver, Sender};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::{yield_now, JoinHandle};

use crate::{processors, Outcome, Parameters};

// A channel is an mpsc channel with room for one message, the least that Tokio offers: no rendezvous.
pub const ROOM: usize = 1;

/// Runs all others until they wait: what counts in `arrived` waits right after. On another processor, nothing tells
/// when it does, but it takes far less than the pause.
pub async fn let_others_wait(arrived: &AtomicUsize, count: usize) {
    while arrived.load(Relaxed) < count {
        yield_now().await;
    }
    yield_now().await;
    if processors() > 1 {
        std::thread::sleep(Duration::from_micros(100));
    }
}

pub async fn ping_pong([messages, ..]: Parameters) -> Outcome {
    let (there, incoming) = channel(ROOM);
    let (outgoing, mut back) = channel(ROOM);
    let arrived = Arc::new(AtomicUsize::new(0));
    let peer = tokio::spawn(return_incremented(messages, incoming, outgoing, arrived.clone()));
    let_others_wait(&arrived, 1).await;
    let mut counter = 0;
    let begin = Instant::now();
    for _ in 0..messages {
        there.send(counter).await.unwrap();
        counter = back.recv().await.unwrap();
    }
    let elapsed = begin.elapsed();
    peer.await.unwrap();
    Outcome::new(elapsed.as_nanos() as usize, counter)
}

async fn return_incremented(
    messages: usize,
    mut incoming: Receiver<usize>,
    outgoing: Sender<usize>,
    arrived: Arc<AtomicUsize>,
) {
    arrived.fetch_add(1, Relaxed);
    for _ in 0..messages {
        let counter = incoming.recv().await.unwrap();
        outgoing.send(counter + 1).await.unwrap();
    }
}

struct Yielders {
    gate: Semaphore,
    arrived: AtomicUsize,
    yielded: AtomicUsize,
}

pub async fn yields([tasks, yields, ..]: Parameters) -> Outcome {
    let (arrived, yielded) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let shared = Arc::new(Yielders { gate: Semaphore::new(0), arrived, yielded });
    let started: Vec<_> = (0..tasks).map(|_| tokio::spawn(yield_repeatedly(yields, shared.clone()))).collect();
    let_others_wait(&shared.arrived, tasks).await;
    let begin = Instant::now();
    shared.gate.add_permits(tasks);
    for task in started {
        task.await.unwrap();
    }
    let elapsed = begin.elapsed();
    Outcome::new(elapsed.as_nanos() as usize, shared.yielded.load(Relaxed))
}

async fn yield_repeatedly(yields: usize, shared: Arc<Yielders>) {
    shared.arrived.fetch_add(1, Relaxed);
    shared.gate.acquire().await.unwrap().forget();
    let mut count = 0;
    while count < yields {
        yield_now().await;
        count += 1;
    }
    shared.yielded.fetch_add(count, Relaxed);
}

struct Node {
    number: usize,
    incoming: Receiver<isize>,
    outgoing: Sender<isize>,
    finish: Sender<usize>,
    arrived: Arc<AtomicUsize>,
}

pub async fn ring([nodes, hops, ..]: Parameters) -> Outcome {
    let (finish, mut finished) = channel(ROOM);
    let arrived = Arc::new(AtomicUsize::new(0));
    let (links, ends): (Vec<Sender<isize>>, Vec<_>) = (0..nodes).map(|_| channel(ROOM)).unzip();
    let node = |(number, incoming): (usize, _)| {
        let outgoing = links[(number + 1) % nodes].clone();
        Node { number, incoming, outgoing, finish: finish.clone(), arrived: arrived.clone() }
    };
    let tasks: Vec<_> = ends.into_iter().enumerate().map(node).map(|node| tokio::spawn(pass_on(node))).collect();
    let_others_wait(&arrived, nodes).await;
    let begin = Instant::now();
    links[0].send(hops as isize).await.unwrap();
    let last = finished.recv().await.unwrap();
    let elapsed = begin.elapsed();
    for link in &links {
        link.send(-1).await.unwrap();
    }
    let mut made = 0;
    for task in tasks {
        made += task.await.unwrap();
    }
    Outcome::new(elapsed.as_nanos() as usize, made * nodes + last)
}

/// A node, until it receives a negative value. Returns the number of hops that it made.
async fn pass_on(mut node: Node) -> usize {
    node.arrived.fetch_add(1, Relaxed);
    let mut made = 0;
    loop {
        let remaining = node.incoming.recv().await.unwrap();
        if remaining < 0 {
            return made;
        } else if remaining == 0 {
            node.finish.send(node.number).await.unwrap();
        } else {
            made += 1;
            node.outgoing.send(remaining - 1).await.unwrap();
        }
    }
}

pub async fn spawn_join([count, ..]: Parameters) -> Outcome {
    let sum = Arc::new(AtomicUsize::new(0));
    let begin = Instant::now();
    for number in 0..count {
        let sum = sum.clone();
        tokio::spawn(async move { sum.fetch_add(number, Relaxed) }).await.unwrap();
    }
    let elapsed = begin.elapsed();
    Outcome::new(elapsed.as_nanos() as usize, sum.load(Relaxed))
}

pub async fn skynet([leaves, fan_out, ..]: Parameters) -> Outcome {
    let total = Arc::new(AtomicUsize::new(0));
    let begin = Instant::now();
    spawn_subtree(0, leaves, fan_out, total.clone()).await.unwrap();
    let elapsed = begin.elapsed();
    Outcome::new(elapsed.as_nanos() as usize, total.load(Relaxed))
}

/// Spawns a leaf, or a node with children, which adds its sum to `total`.
fn spawn_subtree(first: usize, leaves: usize, fan_out: usize, total: Arc<AtomicUsize>) -> JoinHandle<()> {
    if leaves == 1 {
        return tokio::spawn(async move {
            total.fetch_add(first, Relaxed);
        });
    }
    tokio::spawn(async move {
        let sum = Arc::new(AtomicUsize::new(0));
        for child in spawn_children(first, leaves, fan_out, &sum) {
            child.await.unwrap();
        }
        total.fetch_add(sum.load(Relaxed), Relaxed);
    })
}

fn spawn_children(first: usize, leaves: usize, fan_out: usize, sum: &Arc<AtomicUsize>) -> Vec<JoinHandle<()>> {
    let count = fan_out.min(leaves);
    let mut next = first;
    let spawn = |child| {
        // The first children take the remainder.
        let share = leaves / count + usize::from(child < leaves % count);
        next += share;
        spawn_subtree(next - share, share, fan_out, sum.clone())
    };
    (0..count).map(spawn).collect()
}

/// What the parked tasks share. An mpsc channel has one receiver, so they take turns at it, in order.
struct Shared {
    gate: Mutex<Receiver<usize>>,
    arrived: AtomicUsize,
    received: AtomicUsize,
    finished: AtomicUsize,
}

pub async fn parked([count, ..]: Parameters) -> Outcome {
    let (numbers, receiver) = channel(ROOM);
    let [arrived, received, finished] = [0; 3].map(AtomicUsize::new);
    let shared = Arc::new(Shared { gate: Mutex::new(receiver), arrived, received, finished });
    let before = resident_bytes();
    for _ in 0..count {
        tokio::spawn(receive_one(shared.clone()));
    }
    let_others_wait(&shared.arrived, count).await;
    let occupied = resident_bytes() - before;
    for number in 0..count {
        numbers.send(number).await.unwrap();
    }
    while shared.finished.load(Acquire) < count {
        yield_now().await;
    }
    Outcome::new(occupied, shared.received.load(Relaxed))
}

async fn receive_one(shared: Arc<Shared>) {
    shared.arrived.fetch_add(1, Relaxed);
    let number = shared.gate.lock().await.recv().await.unwrap();
    shared.received.fetch_add(number, Relaxed);
    shared.finished.fetch_add(1, Release);
}

/// The second number in statm, which is in pages, in a unit that does not depend on the machine.
fn resident_bytes() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let size = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.strip_suffix("kB")).unwrap();
    size.trim().parse::<usize>().unwrap() * 1024
}
