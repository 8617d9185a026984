//! Who may open a WebSocket or call over REST: programs, and pages of this machine.

use super::Walker;
use crate::lab::eventually;

#[test]
fn pages_of_the_web_are_turned_away_and_programs_are_not() {
    for words in [&[][..], &["--service", "RESTFUL"][..]] {
        let walker = Walker::with(words);
        let port = walker.address.port();
        let upgrade = |headers: &[(&str, &str)]| walker.raw().upgrade("/", headers).status;
        assert_eq!(upgrade(&[]), 101);
        assert_eq!(upgrade(&[("Origin", "http://localhost:3000")]), 101);
        assert_eq!(upgrade(&[("Origin", "http://127.0.0.1:9090")]), 101);
        for origin in [
            "http://evil.example",
            "null",
            "https://localhost.evil.example",
            "file://",
        ] {
            assert_eq!(upgrade(&[("Origin", origin)]), 403, "{origin}");
            assert_eq!(
                upgrade(&[("Sec-WebSocket-Origin", origin)]),
                403,
                "{origin}"
            );
        }
        let get = |host: &str| {
            let request = format!("GET /graphwalker/hasNext HTTP/1.1\r\nHost: {host}\r\n\r\n");
            let mut raw = walker.raw();
            raw.send(request.as_bytes());
            raw.response("GET").status
        };
        assert_eq!(
            get(&format!("evil.example:{port}")),
            403,
            "a name that points here"
        );
        assert_ne!(get(&format!("localhost:{port}")), 403);
    }
}

#[test]
fn who_speaks_http_is_told_where_it_is() {
    let walker = Walker::start();
    let answer = walker.http("GET", "/", &[]);
    assert_eq!(answer.status, 404);
    assert!(
        answer.text().contains("404 WebSocket Upgrade Failure"),
        "{}",
        answer.text()
    );
}

#[test]
fn the_address_of_the_page_stands_below_that_of_the_service() {
    for words in [&[][..], &["--host", "0.0.0.0"], &["-s", "RESTFUL"]] {
        let walker = Walker::with(words);
        let page = format!("http://127.0.0.1:{}/", walker.address.port());
        let line = format!("\nsessions are shown at {page}\n");
        eventually("the page is told", || {
            walker.process.log().contains(&line).then_some(())
        });
        assert_eq!(
            walker.http("GET", "/", &[("Accept", "text/html")]).status,
            200
        );
    }
}
