// SPDX-License-Identifier: Apache-2.0

//! The workloads on Tokio's current-thread runtime. See ../README.md for the protocol.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::Arc;
use std::time::Instant;
use std::{env, fs, io, process};

use tokio::sync::mpsc::{channel, Receiver, Sender};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::{yield_now, JoinHandle};

// A channel is an mpsc channel with room for one message, the least that Tokio offers: no rendezvous.
const ROOM: usize = 1;

/// What one run measures, and its answer.
struct Outcome {
    measure: usize,
    answer: usize,
}

/// The parameters, of which a workload uses one or two, in the order of the table.
type Parameters = [usize; 2];

type Run = fn(Parameters) -> Pin<Box<dyn Future<Output = Outcome> + Send>>;

struct Workload {
    name: &'static str,
    parameters: &'static [&'static str],
    measure: &'static str,
    run: Run,
}

const WORKLOADS: [Workload; 6] = [
    timed("ping-pong", &["messages"], |p| Box::pin(ping_pong(p))),
    timed("yield", &["tasklets", "yields"], |p| Box::pin(yields(p))),
    timed("ring", &["nodes", "hops"], |p| Box::pin(ring(p))),
    timed("spawn-join", &["count"], |p| Box::pin(spawn_join(p))),
    timed("skynet", &["leaves", "fan-out"], |p| Box::pin(skynet(p))),
    Workload { name: "parked", parameters: &["count"], measure: "bytes", run: |p| Box::pin(parked(p)) },
];

const fn timed(name: &'static str, parameters: &'static [&'static str], run: Run) -> Workload {
    Workload { name, parameters, measure: "nanoseconds", run }
}

/// Runs all others until they wait: there is one thread, and what counts in `arrived` waits right after.
async fn let_others_wait(arrived: &AtomicUsize, count: usize) {
    while arrived.load(Relaxed) < count {
        yield_now().await;
    }
    yield_now().await;
}

async fn ping_pong([messages, _]: Parameters) -> Outcome {
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
    Outcome { measure: elapsed.as_nanos() as usize, answer: counter }
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

async fn yields([tasks, yields]: Parameters) -> Outcome {
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
    Outcome { measure: elapsed.as_nanos() as usize, answer: shared.yielded.load(Relaxed) }
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

async fn ring([nodes, hops]: Parameters) -> Outcome {
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
    Outcome { measure: elapsed.as_nanos() as usize, answer: made * nodes + last }
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

async fn spawn_join([count, _]: Parameters) -> Outcome {
    let sum = Arc::new(AtomicUsize::new(0));
    let begin = Instant::now();
    for number in 0..count {
        let sum = sum.clone();
        tokio::spawn(async move { sum.fetch_add(number, Relaxed) }).await.unwrap();
    }
    let elapsed = begin.elapsed();
    Outcome { measure: elapsed.as_nanos() as usize, answer: sum.load(Relaxed) }
}

async fn skynet([leaves, fan_out]: Parameters) -> Outcome {
    let total = Arc::new(AtomicUsize::new(0));
    let begin = Instant::now();
    spawn_subtree(0, leaves, fan_out, total.clone()).await.unwrap();
    let elapsed = begin.elapsed();
    Outcome { measure: elapsed.as_nanos() as usize, answer: total.load(Relaxed) }
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

async fn parked([count, _]: Parameters) -> Outcome {
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
    while shared.finished.load(Relaxed) < count {
        yield_now().await;
    }
    Outcome { measure: occupied, answer: shared.received.load(Relaxed) }
}

async fn receive_one(shared: Arc<Shared>) {
    shared.arrived.fetch_add(1, Relaxed);
    let number = shared.gate.lock().await.recv().await.unwrap();
    shared.received.fetch_add(number, Relaxed);
    shared.finished.fetch_add(1, Relaxed);
}

/// The second number in statm, which is in pages, in a unit that does not depend on the machine.
fn resident_bytes() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let size = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.strip_suffix("kB")).unwrap();
    size.trim().parse::<usize>().unwrap() * 1024
}

fn announce() {
    let names: Vec<_> = WORKLOADS.iter().map(|workload| format!("\"{}\"", workload.name)).collect();
    let version = env!("TOKIO_VERSION");
    println!(
        "{{\"protocol\": 1, \"name\": \"tokio\", \"version\": \"Tokio {version}\", \"workloads\": [{}]}}",
        names.join(", ")
    );
}

/// The values of the arguments NAME=VALUE, in the order of the workload's parameters.
fn parse(workload: &Workload, arguments: &[String]) -> Parameters {
    let mut values = [0; 2];
    for (value, name) in values.iter_mut().zip(workload.parameters) {
        let given = arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('='));
        *value = given.and_then(|text| text.parse().ok()).unwrap_or_else(|| fail(&format!("{name} is missing")));
    }
    values
}

/// Ends the measurement.
fn fail(message: &str) -> ! {
    println!("{{\"error\": \"{message}\"}}");
    process::exit(1)
}

fn answer_lines(workload: &Workload, parameters: Parameters) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for line in io::stdin().lines() {
        let times = line.ok().and_then(|line| line.strip_prefix("run ")?.parse().ok());
        let times: usize = times.unwrap_or_else(|| fail("the line is not understood"));
        let mut total = Outcome { measure: 0, answer: 0 };
        for _ in 0..times {
            // A task like all others: the future that block_on polls itself is woken in a slower way.
            let outcome = runtime.block_on(async { tokio::spawn((workload.run)(parameters)).await.unwrap() });
            total = Outcome { measure: total.measure + outcome.measure, answer: outcome.answer };
        }
        println!("{{\"{}\": {}, \"answer\": {}}}", workload.measure, total.measure, total.answer);
    }
}

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let name = arguments.first().map_or("", String::as_str);
    if name == "announce" {
        return announce();
    }
    match WORKLOADS.iter().find(|workload| workload.name == name) {
        Some(workload) => answer_lines(workload, parse(workload, &arguments[1..])),
        None => {
            eprintln!("usage: peer announce | peer WORKLOAD NAME=VALUE ...");
            process::exit(2)
        }
    }
}
