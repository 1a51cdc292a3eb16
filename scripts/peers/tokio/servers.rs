// SPDX-License-Identifier: Apache-2.0

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::time::{Duration, Instant};

use hyper::header::{HeaderValue, CONTENT_TYPE};
use hyper::server::conn::Http;
use hyper::service::service_fn;
use hyper::{Body, Request, Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::fan_out::split_mix;
use crate::{Outcome, Parameters};

const PAGE: &str = "Hello, world!\n";

/// Serves each connection in a task of its own; returns the port.
async fn listen<F, S>(serve: F) -> u16
where
    F: Fn(TcpStream) -> S + Send + 'static,
    S: Future + Send + 'static,
    S::Output: Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            connection.set_nodelay(true).unwrap();
            tokio::spawn(serve(connection));
        }
    });
    port
}

pub async fn listen_to_echo() -> u16 {
    listen(echo).await
}

async fn echo(mut connection: TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; 4_096];
    loop {
        let count = connection.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        connection.write_all(&buffer[..count]).await?;
    }
}

pub async fn listen_to_page() -> u16 {
    listen_to_http(|request| async move {
        if request.uri().path() == "/" {
            text(PAGE)
        } else {
            refusal(StatusCode::NOT_FOUND)
        }
    })
    .await
}

/// Starts an HTTP server; returns its port.
pub async fn listen_to_http<F, R>(reply: F) -> u16
where
    F: Fn(Request<Body>) -> R + Clone + Send + 'static,
    R: Future<Output = Response<Body>> + Send + 'static,
{
    listen(move |connection| {
        let reply = reply.clone();
        let service = service_fn(move |request| {
            let response = reply(request);
            async move { Ok::<_, Infallible>(response.await) }
        });
        Http::new().http1_only(true).serve_connection(connection, service)
    })
    .await
}

pub fn text(text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}

pub fn refusal(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Computes in several tasks, which do not give way; the answer is how many finished.
pub async fn hog([hogs, work, ..]: Parameters) -> Outcome {
    let work = Duration::from_millis(work as u64);
    let begin = Instant::now();
    let tasks: Vec<_> = (0..hogs).map(|_| tokio::spawn(async move { work_hard(work) })).collect();
    let mut finished = 0;
    for task in tasks {
        finished += usize::from(task.await.unwrap() > 0);
    }
    Outcome::new(begin.elapsed().as_nanos() as usize, finished)
}

/// Returns the steps made, each of which adds 1, which the compiler cannot prove.
fn work_hard(work: Duration) -> u64 {
    let (mut state, mut steps) = (0, 0);
    let begin = Instant::now();
    while begin.elapsed() < work {
        for _ in 0..1_000 {
            state += 1;
            steps += 1 | split_mix(state) >> 63;
        }
    }
    steps
}
