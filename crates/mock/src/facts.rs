//! What a request told about a connection: path, parameters, query, headers.

use percent_encoding::percent_decode_str;
use sockeye_net::Peer;

use crate::pairs::Pairs;

/// The request behind a connection, in little memory: it lives as long as the connection.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The path as asked for, percent-encoded.
    pub path: Box<str>,
    /// The host that the request's target names; few do, most leave it to the header.
    pub target_host: Option<Box<str>>,
    /// Parameters of the route's path, decoded.
    pub parameters: Pairs,
    /// Query parameters in order, decoded; a name may occur more than once.
    pub query: Pairs,
    /// Headers, names in lower case, values that are not UTF-8 left out.
    pub headers: Pairs,
    /// Who is at the other end; `None` in plain HTTP.
    pub peer: Option<Peer>,
}

impl Facts {
    /// Takes from a request what templates can ask for.
    pub fn of<B>(request: &::http::Request<B>, parameters: Pairs) -> Self {
        let headers = request.headers();
        Self {
            path: request.uri().path().into(),
            target_host: request.uri().host().map(Into::into),
            parameters,
            query: request.uri().query().map(parse_query).unwrap_or_default(),
            headers: headers
                .iter()
                .filter_map(|(name, value)| {
                    Some((name.as_str(), std::str::from_utf8(value.as_bytes()).ok()?))
                })
                .collect(),
            peer: None,
        }
    }

    /// The host asked for: the target's, else the `Host` header's.
    pub(crate) fn host(&self) -> Option<&str> {
        let named = self.target_host.as_deref();
        named.or_else(|| self.headers.all("host").next())
    }

    /// The number of the connection; 0 in plain HTTP.
    pub(crate) fn number(&self) -> u64 {
        self.peer.as_ref().map_or(0, |peer| peer.number)
    }

    /// The name that scripts and logs know the connection by: `conn-7`.
    pub(crate) fn id(&self) -> String {
        format!("conn-{}", self.number())
    }
}

/// The host that a request asks for: its target's, else the `Host` header's.
pub(crate) fn host_of<B>(request: &::http::Request<B>) -> Option<&str> {
    request.uri().host().or_else(|| {
        request
            .headers()
            .get(::http::header::HOST)
            .and_then(|host| host.to_str().ok())
    })
}

/// `a=1&b=x+y` to pairs. Names and values are decoded; a pair that is not UTF-8 is kept as it is.
fn parse_query(query: &str) -> Pairs {
    let decode = |text: &str| -> String {
        let spaced = text.replace('+', " ");
        match percent_decode_str(&spaced).decode_utf8() {
            Ok(decoded) => decoded.into_owned(),
            Err(_) => text.into(),
        }
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded_and_keeps_its_order() {
        let query = parse_query("a=1&a=2&b=x+y%21&c&=d&%zz=%ff");
        let pairs: Vec<(&str, &str)> = query.iter().collect();
        assert_eq!(
            pairs,
            [
                ("a", "1"),
                ("a", "2"),
                ("b", "x y!"),
                ("c", ""),
                ("", "d"),
                ("%zz", "%ff")
            ]
        );
    }
}
