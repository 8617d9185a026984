//! The pages that are part of the program pass through here, from the files that `web/build.mjs` wrote to browsers.

use ::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use sockeye_net::Body;

/// Path, media type and contents of each file.
type File = (&'static str, &'static str, &'static [u8]);

/// All files of all pages.
static FILES: &[File] = include!("../../../web/dist/files.rs");

/// Names below this have the hash of their contents in them.
const HASHED: &str = "/assets/";

/// The file of each page. The others belong to all.
const DASHBOARD: &str = "/index.html";
const SESSIONS: &str = "/walk.html";

/// Pages may load what comes from here, and nothing else; nobody may frame them.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; \
                      object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The file of the dashboard at a path: an answer to GET and HEAD, and nothing where there is no file.
pub(crate) fn dashboard(path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    serve(DASHBOARD, path, headers)
}

/// The file of the page that draws model sessions, for a browser: programs that ask for the root of the service must find
/// what they always found.
pub(crate) fn sessions(request: &Request<Incoming>) -> Option<Response<Body>> {
    let (path, headers) = (request.uri().path(), request.headers());
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read || path == "/" && !wants_page(headers) {
        return None;
    }
    let mut response = serve(SESSIONS, path, headers)?;
    protect(&mut response);
    Some(response)
}

/// Browsers name HTML when they open an address; other programs take anything.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let mut accepted = accepted.filter_map(|kinds| kinds.to_str().ok());
    accepted.any(|kinds| kinds.contains("text/html"))
}

fn serve(root: &str, path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    let wanted = if path == "/" { root } else { path };
    let is_other = wanted != root && [DASHBOARD, SESSIONS].contains(&wanted);
    let mut files = FILES.iter().filter(|_| !is_other);
    let (name, kind, contents) = files.find(|(name, ..)| *name == wanted)?;
    let tag = tag(contents);
    let is_known = headers.get(header::IF_NONE_MATCH) == Some(&tag);
    let mut response = Response::new(Body::new(if is_known { b"" } else { *contents }.into()));
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let kept = if name.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(header::ETAG, tag);
    Some(response)
}

/// A name for the contents: FNV-1a, for they are ours and nobody gains by a clash.
fn tag(contents: &[u8]) -> HeaderValue {
    let hash = contents
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let tag = format!("\"{hash:016x}\"");
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Headers that every answer has.
pub(crate) fn protect(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let not_kept = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(not_kept);
}
