//! The pages of the dashboard, which are part of the program.

use ::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use sockeye_net::Body;

use crate::admin::answer::{Problem, typed};

/// Path, media type and contents of each file.
type File = (&'static str, &'static str, &'static [u8]);

/// All files of the dashboard.
static FILES: &[File] = include!("../../../../../web/dist/files.rs");

/// Names below this have the hash of their contents in them.
const HASHED: &str = "/assets/";

/// The file at a path.
pub(crate) fn serve(method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
    let wanted = if path == "/" { "/index.html" } else { path };
    let Some((name, kind, contents)) = FILES.iter().find(|(name, ..)| *name == wanted) else {
        let problem = Problem::new(StatusCode::NOT_FOUND, "there is nothing at this path");
        return problem.with("path", path).response();
    };
    if !matches!(*method, Method::GET | Method::HEAD) {
        let text = "this path is for GET";
        let mut response = Problem::new(StatusCode::METHOD_NOT_ALLOWED, text).response();
        let allowed = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(header::ALLOW, allowed);
        return response;
    }
    let tag = tag(contents);
    let is_known = headers.get(header::IF_NONE_MATCH) == Some(&tag);
    let mut response = if is_known {
        let mut response = Response::new(Body::default());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        typed(*contents, kind)
    };
    let kept = if name.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(header::ETAG, tag);
    response
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
