//! A request for a page of the dashboard becomes one of the program's files here, or a refusal.

use ::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use sockeye_net::Body;

use crate::admin::answer::Problem;
use crate::pages;

/// The file at a path.
pub(crate) fn serve(method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
    let Some(response) = pages::dashboard(path, headers) else {
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
    response
}
