//! Target and headers of a request that we make ourselves: rendered, bounded, and still the ones that the file
//! means, whatever a peer has put into their holes.

use ::http::{HeaderName, HeaderValue};
use sockeye_script::template::{RenderError, Scope, Template, UrlTemplate};
use thiserror::Error;

/// The longest path and query, and the longest value of a header, in bytes.
pub(crate) const MOST_LINE_BYTES: usize = 8 * 1024;

/// Why a part of a request is not rendered.
#[derive(Debug, Error)]
pub(crate) enum Unfit {
    #[error("it could not be rendered: {0}")]
    Template(#[from] RenderError),
    #[error("the value of the header `{0}` has a line break or another control character")]
    Header(HeaderName),
    #[error("its URL or a header is longer than {MOST_LINE_BYTES} bytes")]
    LineTooLong,
    #[error("a value would make a segment `.` or `..` of its URL")]
    Dots,
}

/// Path and query.
pub(crate) fn url(template: &UrlTemplate, scope: &mut Scope<'_>) -> Result<String, Unfit> {
    let url = template.render(scope)?;
    if url.len() > MOST_LINE_BYTES {
        return Err(Unfit::LineTooLong);
    }
    let path = url.split('?').next().unwrap_or_default();
    let mut segments = path.split('/');
    // They would lead to another place than the one that the file names.
    if !template.is_literal() && segments.any(|segment| matches!(segment, "." | "..")) {
        return Err(Unfit::Dots);
    }
    Ok(url)
}

/// The value of a header.
pub(crate) fn header(
    name: &HeaderName,
    template: &Template,
    scope: &mut Scope<'_>,
) -> Result<HeaderValue, Unfit> {
    let mut value = Vec::new();
    template.render_text(scope, &mut value)?;
    if value.len() > MOST_LINE_BYTES {
        return Err(Unfit::LineTooLong);
    }
    HeaderValue::from_bytes(&value).map_err(|_| Unfit::Header(name.clone()))
}
