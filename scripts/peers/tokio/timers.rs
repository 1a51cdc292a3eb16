// SPDX-License-Identifier: Apache-2.0

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{channel, Receiver, Sender};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep_until, timeout_at, Instant};

use crate::fan_out::split_mix;
use crate::workloads::{let_others_wait, ROOM};
use crate::{Outcome, Parameters};

/// What timers measures besides the time; both in nanoseconds.
#[derive(Default)]
pub struct Deadlines {
    lateness: Vec<u128>,
    arm_cancel: f64,
}

impl Deadlines {
    pub fn add(&mut self, once: Deadlines) {
        self.lateness.extend(once.lateness);
        self.arm_cancel += once.arm_cancel;
    }

    /// What the answer to a number of runs has besides.
    pub fn fields(&self, runs: usize) -> String {
        format!(", \"lateness\": {:?}, \"arm-cancel\": {:.3}", self.lateness, self.arm_cancel / runs as f64)
    }
}

pub async fn timers([count, spread, cancelled]: Parameters) -> Outcome {
    let (open, gate) = watch::channel(None);
    let arrived = Arc::new(AtomicUsize::new(0));
    let spread = Duration::from_millis(spread as u64);
    let delay = |index: usize| spread.mul_f64(index as f64 / count as f64);
    let sleepers: Vec<_> = shuffled(count)
        .into_iter()
        .map(|index| tokio::spawn(sleep(delay(index), gate.clone(), arrived.clone())))
        .collect();
    let_others_wait(&arrived, count).await;
    let begin = Instant::now();
    // Long enough for all to fall asleep.
    open.send(Some(begin + Duration::from_millis(10) + Duration::from_micros(10) * count as u32)).unwrap();
    let mut late = Vec::with_capacity(count);
    for sleeper in sleepers {
        late.push(sleeper.await.unwrap());
    }
    let (received, arm_cancel) = arm_and_cancel(cancelled, count).await;
    let elapsed = begin.elapsed();
    let awake = late.iter().flatten().count();
    let lateness = late.into_iter().map(|late| late.unwrap_or_default().as_nanos()).collect();
    let deadlines = Some(Deadlines { lateness, arm_cancel });
    Outcome { measure: elapsed.as_nanos() as usize, answer: awake + received, deadlines }
}

/// Sleeps until a deadline; returns how late it woke, or nothing if it woke early.
async fn sleep(
    delay: Duration,
    mut gate: watch::Receiver<Option<Instant>>,
    arrived: Arc<AtomicUsize>,
) -> Option<Duration> {
    arrived.fetch_add(1, Relaxed);
    gate.changed().await.unwrap();
    let deadline = gate.borrow().unwrap() + delay;
    sleep_until(deadline).await;
    Instant::now().checked_duration_since(deadline)
}

fn shuffled(count: usize) -> Vec<usize> {
    let mut order: Vec<_> = (0..count).collect();
    for index in (1..count).rev() {
        order.swap(index, split_mix(index as u64) as usize % (index + 1));
    }
    order
}

/// An hour or two from now.
fn far_off(seed: usize) -> Instant {
    Instant::now() + Duration::from_secs(3_600) + Duration::from_nanos(split_mix(seed as u64) % 3_600_000_000_000)
}

/// Returns the number of messages received before their deadline, and what a deadline costs, beside tasks that sleep.
async fn arm_and_cancel(messages: usize, sleeping: usize) -> (usize, f64) {
    const BATCHES: usize = 10;
    let sleepers: Vec<_> = (0..sleeping).map(|index| tokio::spawn(sleep_until(far_off(index)))).collect();
    let (mut received, mut difference) = (0, 0.0);
    for batch in 0..BATCHES {
        let size = messages * (batch + 1) / BATCHES - messages * batch / BATCHES;
        let deadlines: Vec<_> = (0..256).map(|index| far_off(sleeping + 256 * batch + index)).collect();
        let (count, with) = exchange(size, &deadlines).await;
        let (_, without) = exchange(size, &[]).await;
        received += count;
        difference += with.as_nanos() as f64 - without.as_nanos() as f64;
    }
    end_all(sleepers).await;
    (received, difference / messages as f64)
}

async fn end_all(sleepers: Vec<JoinHandle<()>>) {
    for sleeper in &sleepers {
        sleeper.abort();
    }
    for sleeper in sleepers {
        sleeper.await.unwrap_err();
    }
}

/// Receives messages, with deadlines if there are any; returns how many came before theirs, and the time of all.
async fn exchange(size: usize, deadlines: &[Instant]) -> (usize, Duration) {
    let (outgoing, mut incoming) = channel(ROOM);
    let (reply, replies) = channel(ROOM);
    let sender = tokio::spawn(send(size, outgoing, replies));
    let mut received = 0;
    let begin = Instant::now();
    for number in 0..size {
        if deadlines.is_empty() {
            incoming.recv().await.unwrap();
        } else if let Ok(message) = timeout_at(deadlines[number % deadlines.len()], incoming.recv()).await {
            received += usize::from(message == Some(number));
        }
        reply.send(()).await.unwrap();
    }
    let elapsed = begin.elapsed();
    sender.await.unwrap();
    (received, elapsed)
}

/// Sends each message only after a reply to the last, so that every receive has to wait: only then is a deadline armed.
async fn send(size: usize, outgoing: Sender<usize>, mut replies: Receiver<()>) {
    for number in 0..size {
        outgoing.send(number).await.unwrap();
        replies.recv().await.unwrap();
    }
}
