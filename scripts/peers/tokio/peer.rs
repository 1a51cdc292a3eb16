// SPDX-License-Identifier: Apache-2.0

//! The workloads on Tokio: its current-thread runtime on one processor, and its multi-thread runtime on several. See
//! ../README.md for the protocol.

mod fan_out;
mod servers;
mod timers;
mod workloads;

use std::future::Future;
use std::pin::Pin;
use std::thread::available_parallelism;
use std::{env, io, process};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::runtime::{Builder, Runtime};

use fan_out::listen_to_fan_out;
use servers::{hog, listen_to_echo, listen_to_page};
use timers::{timers, Deadlines};
use workloads::{parked, ping_pong, ring, skynet, spawn_join, yields};

/// What one run measures, and its answer.
#[derive(Default)]
pub struct Outcome {
    measure: usize,
    answer: usize,
    deadlines: Option<Deadlines>,
}

impl Outcome {
    fn new(measure: usize, answer: usize) -> Outcome {
        Outcome { measure, answer, deadlines: None }
    }
}

/// The parameters, in the order of the table of workloads.
pub type Parameters = [usize; 3];

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Run = fn(Parameters) -> Boxed<Outcome>;
type Listen = fn(Parameters) -> Boxed<u16>;

struct Workload {
    name: &'static str,
    parameters: &'static [&'static str],
    kind: Kind,
}

enum Kind {
    /// Of tasks and channels alone, without drivers for time and I/O.
    Tasks(Run),
    Timers(Run),
    Server(Listen),
    /// A server that also runs.
    BusyServer(Listen, Run),
}

use Kind::{BusyServer, Server, Tasks, Timers};

const WORKLOADS: [Workload; 11] = [
    workload("ping-pong", &["messages"], Tasks(|p| Box::pin(ping_pong(p)))),
    workload("yield", &["tasklets", "yields"], Tasks(|p| Box::pin(yields(p)))),
    workload("ring", &["nodes", "hops"], Tasks(|p| Box::pin(ring(p)))),
    workload("spawn-join", &["count"], Tasks(|p| Box::pin(spawn_join(p)))),
    workload("skynet", &["leaves", "fan-out"], Tasks(|p| Box::pin(skynet(p)))),
    workload("parked", &["count"], Tasks(|p| Box::pin(parked(p)))),
    workload("timers", &["count", "spread", "cancelled"], Timers(|p| Box::pin(timers(p)))),
    workload("echo", &[], Server(|_| Box::pin(listen_to_echo()))),
    workload("http-server", &[], Server(|_| Box::pin(listen_to_page()))),
    workload("fan-out-http", &["fan-out", "delay"], Server(|p| Box::pin(listen_to_fan_out(p)))),
    workload("hog", &["hogs", "work"], BusyServer(|_| Box::pin(listen_to_echo()), |p| Box::pin(hog(p)))),
];

const fn workload(name: &'static str, parameters: &'static [&'static str], kind: Kind) -> Workload {
    Workload { name, parameters, kind }
}

/// The processors that this program may use.
fn processors() -> usize {
    available_parallelism().map_or(1, usize::from)
}

fn runtime(with_drivers: bool) -> Runtime {
    let workers = processors();
    let mut builder = if workers > 1 { Builder::new_multi_thread() } else { Builder::new_current_thread() };
    if workers > 1 {
        builder.worker_threads(workers);
    }
    if with_drivers {
        builder.enable_all();
    }
    builder.build().unwrap()
}

fn announce() {
    let names: Vec<_> = WORKLOADS.iter().map(|workload| format!("\"{}\"", workload.name)).collect();
    let (version, names) = (env!("TOKIO_VERSION"), names.join(", "));
    println!(
        "{{\"protocol\": 1, \"name\": \"tokio\", \"version\": \"Tokio {version}\", \"workloads\": [{names}], \
         \"parallel\": true}}"
    );
}

/// The values of the arguments NAME=VALUE, in the order of the workload's parameters.
fn parse(workload: &Workload, arguments: &[String]) -> Parameters {
    let mut values = Parameters::default();
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

/// The N of `run N`.
fn times(line: &str) -> usize {
    let times = line.strip_prefix("run ").and_then(|number| number.parse().ok());
    times.unwrap_or_else(|| fail("the line is not understood"))
}

/// Performs a workload a number of times, and answers. It is a task like all others: the future that block_on polls
/// itself is woken in a slower way.
async fn answer_run(workload: &Workload, run: Run, times: usize, parameters: Parameters) {
    let mut total = Outcome::default();
    for _ in 0..times {
        let outcome = tokio::spawn(run(parameters)).await.unwrap();
        total.measure += outcome.measure;
        total.answer = outcome.answer;
        if let Some(once) = outcome.deadlines {
            total.deadlines.get_or_insert_with(Deadlines::default).add(once);
        }
    }
    let measure = if workload.name == "parked" { "bytes" } else { "nanoseconds" };
    let deadlines = total.deadlines.map_or(String::new(), |deadlines| deadlines.fields(times));
    println!("{{\"{measure}\": {}, \"answer\": {}{deadlines}}}", total.measure, total.answer);
}

fn answer_lines(workload: &Workload, run: Run, runtime: Runtime, parameters: Parameters) {
    for line in io::stdin().lines() {
        let times = times(&line.unwrap_or_default());
        runtime.block_on(answer_run(workload, run, times, parameters));
    }
}

/// Answers `listen`, and serves until the input ends.
async fn serve(workload: &Workload, listen: Listen, run: Option<Run>, parameters: Parameters) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await.unwrap_or_default() {
        match run {
            Some(run) if line != "listen" => answer_run(workload, run, times(&line), parameters).await,
            _ if line != "listen" => fail("the line is not understood"),
            _ => println!("{{\"port\": {}}}", listen(parameters).await),
        }
    }
}

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let name = arguments.first().map_or("", String::as_str);
    if name == "announce" {
        return announce();
    }
    let workload = WORKLOADS.iter().find(|workload| workload.name == name).unwrap_or_else(|| {
        eprintln!("usage: peer announce | peer WORKLOAD NAME=VALUE ...");
        process::exit(2)
    });
    let parameters = parse(workload, &arguments[1..]);
    match workload.kind {
        Tasks(run) => answer_lines(workload, run, runtime(false), parameters),
        Timers(run) => answer_lines(workload, run, runtime(true), parameters),
        Server(listen) => runtime(true).block_on(serve(workload, listen, None, parameters)),
        BusyServer(listen, run) => runtime(true).block_on(serve(workload, listen, Some(run), parameters)),
    }
}
