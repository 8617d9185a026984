//! The pages of the dashboard, from the program itself.

use ::http::{Method, Response, StatusCode};
use sockeye_net::Body;

use crate::admin::answer::Problem;

/// The file at a path.
pub(crate) fn serve(_method: &Method, path: &str) -> Response<Body> {
    let text = "there is nothing at this path";
    Problem::new(StatusCode::NOT_FOUND, text)
        .with("path", path)
        .response()
}
