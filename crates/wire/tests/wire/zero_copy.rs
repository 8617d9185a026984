//! A whole frame is delivered where it lies in the input; only pieces are collected.

use std::ops::Range;

use sockeye_wire::{Decoder, Encoder, Event, FrameLimits, Role};

/// Where the event's payload lies.
fn place(event: Event<'_>) -> Range<usize> {
    let payload = match event {
        Event::Text(text) => text.as_bytes(),
        Event::Binary(bytes)
        | Event::LooseText(bytes)
        | Event::Ping(bytes)
        | Event::Pong(bytes) => bytes,
        Event::Close(frame) => frame.expect("a code").reason.as_bytes(),
    };
    let start = payload.as_ptr().addr();
    start..start + payload.len()
}

#[test]
fn whole_frames_are_slices_of_the_input() {
    let mut bytes = Vec::new();
    let mut client = Encoder::client_seeded(1);
    client.text(&mut bytes, "a text");
    client.binary(&mut bytes, &[7; 5000]);
    client.ping(&mut bytes, b"ping");
    client.pong(&mut bytes, b"pong");
    client.text(&mut bytes, &"long ".repeat(20_000));
    client.close(&mut bytes, Some(sockeye_wire::CloseCode::NORMAL), "bye");

    let mut decoder = Decoder::new(Role::Server, FrameLimits::default());
    let mut input = bytes.as_mut_slice();
    let start = input.as_ptr().addr();
    let buffer = start..start + input.len();
    let mut behind = buffer.start;
    for _ in 0..6 {
        let place = place(decoder.next(&mut input).unwrap().expect("an event"));
        assert!(buffer.start <= place.start && place.end <= buffer.end);
        assert!(behind < place.start, "each lies behind the one before");
        behind = place.end;
        assert_eq!(decoder.held_bytes(), 0);
    }
    assert_eq!(behind, buffer.end);
}

#[test]
fn a_frame_whose_head_was_cut_is_still_not_copied() {
    let mut bytes = Vec::new();
    Encoder::client_seeded(1).text(&mut bytes, "payload in one piece");
    let mut decoder = Decoder::new(Role::Server, FrameLimits::default());
    let (mut head, mut payload) = bytes.split_at_mut(3);
    assert_eq!(decoder.next(&mut head), Ok(None));
    let buffer = payload.as_ptr().addr();
    let event = decoder.next(&mut payload).unwrap().expect("an event");
    assert_eq!(event, Event::Text("payload in one piece"));
    assert_eq!(
        place(event).start,
        buffer + 3,
        "behind the other half of the head"
    );
}

#[test]
fn a_collected_message_is_freed_by_the_next_call() {
    let mut bytes = Vec::new();
    Encoder::client_seeded(1).binary(&mut bytes, &[7; 1000]);
    let mut decoder = Decoder::new(Role::Server, FrameLimits::default());
    let (mut front, mut back) = bytes.split_at_mut(500);
    assert_eq!(decoder.next(&mut front), Ok(None));
    assert!(decoder.is_mid_message());
    assert_eq!(decoder.next(&mut back), Ok(Some(Event::Binary(&[7; 1000]))));
    assert_eq!(decoder.held_bytes(), 1000, "its payload and not more");
    assert!(!decoder.is_mid_message());
    assert_eq!(decoder.next(&mut back), Ok(None));
    assert_eq!(decoder.held_bytes(), 0);
}
