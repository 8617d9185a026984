//! Messages of an Autobahn fuzzing server go back as they came, one connection for each of its cases:
//! `autobahn ws://HOST:PORT AGENT FIRST LAST`. `scripts/conformance` runs it.

use std::error::Error;
use std::time::Duration;

use sockeye_net::{Conversation, Received, Target, dial};
use sockeye_wire::handshake::{ClientRequest, fresh_key};
use sockeye_wire::{DeflateOffer, FrameLimits};

/// Beyond the longest message of any case, in bytes.
const MOST_BYTES: u64 = 64 << 20;

/// How long the suite may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, agent, first, last] = arguments.as_slice() else {
        return Err("usage: autobahn ws://HOST:PORT AGENT FIRST LAST".into());
    };
    let authority = url.strip_prefix("ws://").ok_or("a URL of ws://")?;
    for case in first.parse::<u32>()?..=last.parse()? {
        let path = format!("/runCase?case={case}&agent={agent}");
        echo(open(authority, &path).await?).await;
    }
    let report = open(authority, &format!("/updateReports?agent={agent}")).await?;
    echo(report).await;
    Ok(())
}

async fn open(authority: &str, path: &str) -> Result<Conversation, Box<dyn Error>> {
    let headers = http::HeaderMap::new();
    let request = ClientRequest::new(authority, path, &headers, &[], fresh_key())?;
    let request = request.offering(&[DeflateOffer::usual()]);
    let (host, port) = authority.rsplit_once(':').ok_or("a host and a port")?;
    let limits = FrameLimits {
        frame_bytes: MOST_BYTES,
        message_bytes: MOST_BYTES,
        ..FrameLimits::default()
    };
    let target = Target::new(host, port.parse()?);
    Ok(dial(&target, &request, limits, PATIENCE).await?)
}

/// Until the suite ends the connection, in whatever way.
async fn echo(mut conversation: Conversation) {
    loop {
        let sent = match conversation.receive().await {
            Ok(Received::Text(text)) => conversation.send_text(&text).await,
            Ok(Received::Binary(bytes)) => conversation.send_binary(&bytes).await,
            Ok(Received::End) | Err(_) => return,
            Ok(_) => Ok(()),
        };
        if sent.is_err() {
            return;
        }
    }
}
