//! A whole captured payload of a site, sent to the real client.

use std::collections::HashMap;
use std::time::Duration;

use hut_availability::domain::availability::Answer;
use hut_availability::domain::availability::SiteStatus;
use hut_availability::domain::failure::ErrorKind;
use hut_availability::domain::validators::Validators;
use hut_availability::runtime::timing::Meter;
use hut_availability::sites::error::SourceError;
use hut_availability::sites::limits::RequestLimits;
use hut_availability::sites::registry::Registry;
use hut_availability::sites::source::Reply;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::captured_data;

/// Serves one payload in small chunks, as a network does, and returns the client's result.
async fn fetch(body: Vec<u8>) -> Result<Answer, SourceError> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        let _ = socket.read(&mut request).await.unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        socket.write_all(head.as_bytes()).await.unwrap();
        for chunk in body.chunks(10_007) {
            socket.write_all(chunk).await.unwrap();
            socket.flush().await.unwrap();
        }
    });
    let limits = RequestLimits {
        request_interval: Some(Duration::ZERO),
        force_request_interval: false,
        max_in_flight: 1,
        request_timeout: Duration::from_secs(10),
        retries: 0,
        contact: None,
    };
    let sources = Registry::default()
        .clients(
            ["hrs"],
            &limits,
            &HashMap::from([("hrs".to_owned(), url)]),
            None,
            &Meter::default(),
        )
        .unwrap();
    let dates = "2026-07-19".parse().unwrap()..="2028-07-18".parse().unwrap();
    let reply = sources["hrs"].availability("29", &dates, &Validators::default()).await?;
    let Reply::Answer(answer) = reply else { panic!("no validators were sent") };
    Ok(answer)
}

#[tokio::test]
async fn every_day_of_the_captured_payload_is_read() {
    let Some(data) = captured_data() else { return };
    let body = std::fs::read(data.join("hut-reservation-availability-29.json")).unwrap();
    let answer = fetch(body).await.unwrap();
    assert_eq!(answer.days.len(), 731);
    assert_eq!(answer.adjustments.count, 0);
    assert_eq!(answer.days[0].date.to_string(), "2026-07-19");
    assert_eq!(answer.days[730].date.to_string(), "2028-07-18");
    for day in &answer.days {
        assert_eq!((day.free, day.total, day.unattended), (Some(2), Some(2), false));
        assert_eq!(day.status, SiteStatus::Available);
    }
    let link = "https://www.hut-reservation.org/reservation/book-hut/29/wizard";
    assert_eq!(answer.link.as_deref(), Some(link));
}

/// A truncated payload is malformed, wherever it is cut off.
#[tokio::test]
async fn a_truncated_payload_is_malformed() {
    let Some(data) = captured_data() else { return };
    let body = std::fs::read(data.join("hut-reservation-availability-29.json")).unwrap();
    for length in [0, 1, 2, 183, 184, body.len() / 2, body.len() - 2, body.len() - 1] {
        let error = fetch(body[..length].to_vec()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{length}: {error}");
    }
}
