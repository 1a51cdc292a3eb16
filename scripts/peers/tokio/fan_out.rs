// SPDX-License-Identifier: Apache-2.0

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use hyper::client::HttpConnector;
use hyper::{body, Body, Client, Response, StatusCode, Uri};

use crate::servers::{listen_to_http, refusal, text};
use crate::Parameters;

type Failure = Box<dyn Error + Send + Sync>;

/// The first number of a SplitMix64 generator.
pub fn split_mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d049bb133111eb);
    z ^ z >> 31
}

fn reply_of(number: u64, back: u64) -> u64 {
    split_mix(number << 16 | back) >> 8
}

fn delay_of(number: u64, back: u64, mean: usize) -> Duration {
    let share = (split_mix(number << 16 | back | 1 << 62) >> 11) as f64 / (1u64 << 53) as f64;
    Duration::from_micros(mean as u64).mul_f64(f64::min(8.0, -(1.0 - share).ln()))
}

pub async fn listen_to_fan_out([width, mean, ..]: Parameters) -> u16 {
    let mut roots = Vec::new();
    for back in 0..width as u64 {
        let port = listen_to_numbers(move |number| async move {
            tokio::time::sleep(delay_of(number, back, mean)).await;
            Ok(reply_of(number, back))
        });
        roots.push(format!("http://127.0.0.1:{}/", port.await));
    }
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client = Client::builder().build(connector);
    listen_to_numbers(move |number| sum_of_replies(client.clone(), roots.clone(), number)).await
}

/// Starts a server that replies to GET /N with a number; returns its port.
async fn listen_to_numbers<F, N>(compute: F) -> u16
where
    F: Fn(u64) -> N + Clone + Send + Sync + 'static,
    N: Future<Output = Result<u64, Failure>> + Send + 'static,
{
    listen_to_http(move |request| {
        let number = request.uri().path()[1..].parse().ok().map(|number| compute(number));
        async move { reply(number).await }
    })
    .await
}

async fn reply(number: Option<impl Future<Output = Result<u64, Failure>>>) -> Response<Body> {
    match number {
        None => refusal(StatusCode::NOT_FOUND),
        Some(number) => match number.await {
            Ok(number) => text(number.to_string()),
            Err(_) => refusal(StatusCode::BAD_GATEWAY),
        },
    }
}

/// Asks all back ends at once, each in a task of its own.
async fn sum_of_replies(client: Client<HttpConnector>, roots: Vec<String>, number: u64) -> Result<u64, Failure> {
    let ask = |root| tokio::spawn(get_number(client.clone(), format!("{root}{number}")));
    let tasks: Vec<_> = roots.into_iter().map(ask).collect();
    let mut sum = 0u64;
    for task in tasks {
        sum = sum.wrapping_add(task.await??);
    }
    Ok(sum)
}

async fn get_number(client: Client<HttpConnector>, url: String) -> Result<u64, Failure> {
    let response = client.get(url.parse::<Uri>()?).await?;
    let bytes = body::to_bytes(response.into_body()).await?;
    Ok(std::str::from_utf8(&bytes)?.parse()?)
}
