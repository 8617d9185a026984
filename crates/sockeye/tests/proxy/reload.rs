//! What a new file means for connections that are open.

use super::{proxy, through};
use crate::lab::Upstream;

#[test]
fn a_new_rule_counts_at_once_and_another_upstream_ends_the_connection() {
    let (upstream, other) = (Upstream::start(), Upstream::start());
    let server = proxy(&upstream, "/", "", "").admin().start();
    let (mut client, mut called) = through(&server, &upstream);
    client.send("here");
    called.socket.expect_text("here");
    let file = |url: &str| {
        format!(
            "websocket:\n  handlers:\n    - {{ path: /p, type: proxy, upstream: \"{url}\", rules: [{{ match: here, response: now }}] }}\n"
        )
    };
    server.edit_and_reload(&file(&upstream.url("/changed")));
    client.send("here").expect_text("now").send("there");
    called.socket.expect_text("there").send("back");
    client.expect_text("back");
    server.edit_and_reload(&file(&other.url("/")));
    client.expect_close(1012);
    called.socket.expect_close(1012);
    let (mut client, mut called) = through(&server, &other);
    server.edit_and_reload("websocket: { handlers: [{ path: /p, type: echo }] }\n");
    client.expect_close(1012);
    called.socket.expect_close(1012);
}
