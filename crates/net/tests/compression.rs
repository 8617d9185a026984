//! Messages in their compressed form: agreed or not, to one and to many, seen by taps and shapers as what they are.

use sockeye_net::{
    Arrival, Audience, Compression, Conversation, Direction, Frame, LinkSettings, Message, Outbox,
    OwnMessage, Received, Shaper, Target, Wire, dial,
};
use sockeye_wire::handshake::{ClientRequest, fresh_key};
use sockeye_wire::{DeflateOffer, DeflateTerms, FrameLimits, Packing};
use tokio::time::Instant;

use crate::lab::{ECHO, Lab, Manners, PATIENCE, soon};

fn settings(compression: Option<Compression>) -> LinkSettings {
    LinkSettings {
        ping_interval: None,
        compression,
        ..LinkSettings::default()
    }
}

/// Everything is compressed, and windows stay if the peer likes.
fn eager() -> Compression {
    Compression {
        terms: DeflateTerms {
            context_takeover: true,
            ..DeflateTerms::default()
        },
        packing: Packing {
            least_bytes: 1,
            ..Packing::default()
        },
    }
}

async fn dial_offering(lab: &Lab, offers: &[DeflateOffer]) -> Conversation {
    let address = lab.address();
    let headers = http::HeaderMap::new();
    let request = ClientRequest::new(&address.to_string(), "/", &headers, &[], fresh_key());
    let request = request.unwrap().offering(offers);
    let target = Target::new(address.ip().to_string(), address.port());
    let dialled = dial(&target, &request, FrameLimits::default(), PATIENCE).await;
    dialled.unwrap()
}

async fn receive(client: &mut Conversation) -> Received {
    soon("a message", client.receive()).await.unwrap()
}

#[tokio::test]
async fn both_sides_agree_and_every_message_comes_back() {
    for (compression, offers, agreed) in [
        (
            Some(Compression::default()),
            &[DeflateOffer::usual()][..],
            Some("permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
        ),
        (
            Some(eager()),
            &[DeflateOffer::usual()],
            Some("permessage-deflate"),
        ),
        (
            Some(eager()),
            &[DeflateOffer::frugal()],
            Some("permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
        ),
        (Some(eager()), &[], None),
        (None, &[DeflateOffer::usual()], None),
    ] {
        let lab = Lab::with_settings(ECHO, settings(compression));
        let mut client = dial_offering(&lab, offers).await;
        let found = client.deflate().map(|agreed| agreed.to_string());
        assert_eq!(found.as_deref(), agreed);
        for length in [0, 1, 63, 64, 1000, 70_000, 1_000_000] {
            let text = "round and round ".repeat(length / 16 + 1);
            let text = text[..length].to_owned();
            client.send_text(&text).await.unwrap();
            assert!(receive(&mut client).await == Received::Text(text.clone()));
            client.send_binary(text.as_bytes()).await.unwrap();
            assert!(receive(&mut client).await == Received::Binary(text.into_bytes()));
        }
    }
}

#[tokio::test]
async fn a_broadcast_reaches_those_who_compress_and_those_who_do_not() {
    let lab = Lab::with_settings(ECHO, settings(Some(eager())));
    let mut clients = vec![
        dial_offering(&lab, &[]).await,
        dial_offering(&lab, &[DeflateOffer::usual()]).await,
        dial_offering(&lab, &[DeflateOffer::frugal()]).await,
        dial_offering(&lab, &[DeflateOffer::frugal()]).await,
        dial_offering(
            &lab,
            &[DeflateOffer {
                server_max_window_bits: Some(9),
                ..DeflateOffer::frugal()
            }],
        )
        .await,
    ];
    // A link that answers is one that is reached.
    for client in &mut clients {
        client.send_text("there").await.unwrap();
        assert_eq!(receive(client).await, Received::Text("there".to_owned()));
    }
    for number in 0..5 {
        let news = format!("news {number} for everybody, {}", "again and ".repeat(40));
        let frame = Frame::new(Message::Text(&news));
        assert_eq!(lab.fanout().send(&Audience::Everyone, &frame), 5);
        for client in &mut clients {
            client.send_text(&news).await.unwrap();
            assert_eq!(receive(client).await, Received::Text(news.clone()));
            assert_eq!(receive(client).await, Received::Text(news.clone()));
        }
    }
}

#[tokio::test]
async fn a_tap_and_the_counts_see_messages_as_they_are() {
    let lab = Lab::with_settings(ECHO, settings(Some(eager())));
    lab.tap().open(true);
    let mut client = dial_offering(&lab, &[DeflateOffer::usual()]).await;
    let text = "seen ".repeat(1000);
    client.send_text(&text).await.unwrap();
    assert_eq!(receive(&mut client).await, Received::Text(text.clone()));
    let wanted = [Direction::In, Direction::Out].map(|way| (1, way, text.clone().into_bytes()));
    assert_eq!(lab.tapped(), wanted);
    // A turn is counted when it is written: the next one finds it.
    client.send_text("more").await.unwrap();
    assert_eq!(
        receive(&mut client).await,
        Received::Text("more".to_owned())
    );
    let counts = lab.counts().totals();
    assert!(
        counts.bytes_received >= 5000 && counts.bytes_sent >= 5000,
        "{counts:?}"
    );
}

/// Says everything twice: once in the link's own form, and once in the compressed form that it asked for.
#[derive(Debug)]
struct Twice;

impl Shaper for Twice {
    fn inbound(&mut self, message: Message<'_>, wire: &mut Wire<'_>) -> Arrival {
        assert!(wire.packs());
        assert!(message.bytes().starts_with(b"in the clear"));
        Arrival::Pass
    }

    fn outbound(&mut self, message: Message<'_>, _: bool, wire: &mut Wire<'_>) {
        wire.message(message);
        let packed = wire.packed(message).expect("windows are forgotten");
        wire.frames(message, |output| {
            sockeye_wire::RawFrame {
                fin: true,
                rsv: 0b100,
                opcode: 1,
                mask: None,
                declared_len: None,
                length_form: sockeye_wire::LengthForm::Minimal,
                payload: &packed,
            }
            .write(output);
        });
    }

    fn release(&mut self, _: &mut Wire<'_>) {}
    fn flush(&mut self, _: &mut Wire<'_>) {}

    fn late_arrivals(&mut self, _: bool) -> Vec<OwnMessage> {
        Vec::new()
    }

    fn next(&self) -> Option<Instant> {
        None
    }

    fn is_full(&self) -> bool {
        false
    }

    fn answers_ping(&mut self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_shaper_sees_messages_and_can_have_their_compressed_form() {
    let shaped = Manners {
        opened: |out: &mut Outbox<'_>| out.shape(Some(Box::new(Twice))),
        ..ECHO
    };
    let lab = Lab::with_settings(shaped, settings(Some(eager())));
    let mut client = dial_offering(&lab, &[DeflateOffer::frugal()]).await;
    let text = "in the clear ".repeat(20);
    client.send_text(&text).await.unwrap();
    for _ in 0..2 {
        assert_eq!(receive(&mut client).await, Received::Text(text.clone()));
    }
}
