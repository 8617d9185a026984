//! The response of an endpoint: prepared when the file is loaded, rendered for every request.

use std::sync::Arc;

use ::http::header::CONTENT_TYPE;
use ::http::{HeaderName, HeaderValue, Response, StatusCode};
use bytes::Bytes;
use serde::de::IgnoredAny;
use sockeye_net::Body;
use sockeye_script::template::{JsonTemplate, Scope, Template};

use super::external::{self, File, FileError, Format};
use super::refusal::Refusal;
use crate::beside::NotBeside;

/// What an endpoint answers.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// In the order of the file; a name may occur more than once.
    pub(crate) headers: Vec<(HeaderName, Template)>,
    pub(crate) content: Content,
}

/// The body of a response.
#[derive(Debug, Default)]
pub(crate) enum Content {
    #[default]
    Empty,
    /// A text with holes, sent as it is.
    Text(Template),
    /// A JSON value with holes in its strings.
    Json(JsonTemplate),
    /// A file.
    File(Arc<File>),
}

impl Default for Reply {
    fn default() -> Self {
        Self {
            status: StatusCode::OK,
            headers: Vec::new(),
            content: Content::Empty,
        }
    }
}

impl Reply {
    /// The response to one request, whose values `scope` knows.
    ///
    /// Errors: a template fails, a header gets a value that no header can have, a file is not served.
    pub(crate) async fn render(&self, scope: &mut Scope<'_>) -> Result<Response<Body>, Refusal> {
        let mut response = Response::new(Body::default());
        *response.status_mut() = self.status;
        for (name, template) in &self.headers {
            let value = header(name, template, scope)?;
            response.headers_mut().append(name.clone(), value);
        }
        let (bytes, kind) = self.content.render(scope).await?;
        if let Some(kind) = kind {
            let headers = response.headers_mut();
            headers
                .entry(CONTENT_TYPE)
                .or_insert(HeaderValue::from_static(kind));
        }
        *response.body_mut() = Body::new(bytes);
        Ok(response)
    }
}

/// The value of a header. A line break would begin a new header of the client's choice.
fn header(
    name: &HeaderName,
    template: &Template,
    scope: &mut Scope<'_>,
) -> Result<HeaderValue, Refusal> {
    let mut value = Vec::new();
    template.render_text(scope, &mut value)?;
    HeaderValue::from_maybe_shared(Bytes::from(value)).map_err(|_| Refusal::Header(name.clone()))
}

impl Content {
    /// What kind of content it is, in words.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "nothing",
            Self::Text(_) => "a text",
            Self::Json(_) => "JSON",
            Self::File(_) => "a file",
        }
    }

    /// The body and its type, unless a header says another one.
    async fn render(
        &self,
        scope: &mut Scope<'_>,
    ) -> Result<(Bytes, Option<&'static str>), Refusal> {
        let mut out = Vec::new();
        let kind = match self {
            Self::Empty => return Ok((Bytes::new(), None)),
            Self::Text(template) => {
                template.render_text(scope, &mut out)?;
                media_type(&out)
            }
            Self::Json(template) => {
                template.render(scope, &mut out)?;
                JSON
            }
            Self::File(file) => {
                file.path.render_text(scope, &mut out)?;
                let path = String::from_utf8_lossy(&out).into_owned();
                out = read(Arc::clone(file), path).await?;
                if file.format == Format::Json {
                    JSON
                } else {
                    TEXT
                }
            }
        };
        Ok((out.into(), Some(kind)))
    }
}

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// The type of a text that does not say what it is.
pub(crate) fn media_type(text: &[u8]) -> &'static str {
    if is_json(text) { JSON } else { TEXT }
}

/// Whether a text is a JSON object or array. A lone word or number is a text.
fn is_json(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
        && serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// Reads on a thread where waiting for a disk holds up nobody else.
async fn read(file: Arc<File>, path: String) -> Result<Vec<u8>, FileError> {
    let name = path.clone();
    let read = move || external::read(&file.folder, &path, file.format);
    let joined = tokio::task::spawn_blocking(read).await;
    joined.unwrap_or_else(|error| {
        let problem = std::io::Error::other(error);
        let path = name.into();
        Err(NotBeside::Unreadable { path, problem }.into())
    })
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;
    use sockeye_core::{Clock, Random};
    use sockeye_script::template::{Dialect, Found, Root, Step, Vars};

    use super::*;

    /// A world where everything is `value`.
    struct Always(&'static str);

    impl Vars for Always {
        fn find(&self, _: Root, _: &[Step]) -> Found<'_> {
            Found::Text(self.0.into())
        }

        fn connection_count(&self, _: bool) -> u64 {
            0
        }

        fn env(&self, _: &str) -> Option<String> {
            None
        }
    }

    fn template(text: &str) -> Template {
        Template::parse(text, Dialect::Moclojer).unwrap()
    }

    fn render(reply: &Reply, value: &'static str) -> Result<Response<Body>, Refusal> {
        let (mut random, clock) = (Random::seeded(1), Clock::system());
        let mut scope = Scope {
            vars: &Always(value),
            random: &mut random,
            clock: &clock,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(reply.render(&mut scope))
    }

    fn content(content: Content, value: &'static str) -> (Option<String>, String) {
        let response = render(
            &Reply {
                content,
                ..Reply::default()
            },
            value,
        )
        .unwrap();
        let kind = response.headers().get(CONTENT_TYPE);
        let kind = kind.map(|kind| kind.to_str().unwrap().to_owned());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let bytes = runtime
            .block_on(response.into_body().collect())
            .unwrap()
            .to_bytes();
        (kind, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn the_type_follows_the_content() {
        let text = |text| Content::Text(template(text));
        let value = serde_json::json!({"v": ["{{path-params.x}}", 1.50]});
        let json = Content::Json(JsonTemplate::compile(&value, Dialect::Moclojer).unwrap());
        let hole = r#"{"v": "{{path-params.x}}"}"#;
        for (body, kind, expected) in [
            (Content::Empty, None, ""),
            (text(r#"just "text""#), Some(TEXT), r#"just "text""#),
            (text("42"), Some(TEXT), "42"),
            (text("{oops"), Some(TEXT), "{oops"),
            (text(""), Some(TEXT), ""),
            (text(hole), Some(JSON), r#"{"v": "a\"b"}"#),
            (json, Some(JSON), r#"{"v":["a\"b",1.5]}"#),
        ] {
            let got = content(body, "a\"b");
            assert_eq!((got.0.as_deref(), got.1.as_str()), (kind, expected));
        }
    }

    #[test]
    fn a_header_of_the_file_replaces_the_type() {
        let headers = vec![(CONTENT_TYPE, template("text/css"))];
        let reply = Reply {
            headers,
            content: Content::Text(template("{}")),
            ..Reply::default()
        };
        let response = render(&reply, "").unwrap();
        let kinds: Vec<_> = response.headers().get_all(CONTENT_TYPE).iter().collect();
        assert_eq!(kinds, ["text/css"]);
    }

    #[test]
    fn a_line_break_in_a_header_is_refused() {
        let name = HeaderName::from_static("x-user");
        let headers = vec![(name, template("{{path-params.x}}"))];
        let reply = Reply {
            headers,
            ..Reply::default()
        };
        assert_eq!(
            render(&reply, "Ann B").unwrap().headers()["x-user"],
            "Ann B"
        );
        for value in ["x\r\nX-Evil: yes", "x\ny", "x\0"] {
            let refused = render(&reply, value);
            assert!(matches!(refused, Err(Refusal::Header(_))), "{value:?}");
        }
    }

    #[test]
    fn a_file_is_read_when_it_is_asked_for() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = File {
            folder: folder.path().to_owned(),
            path: template("{{path-params.x}}.json"),
            format: Format::Json,
        };
        let reply = Reply {
            content: Content::File(Arc::new(file)),
            ..Reply::default()
        };
        let refused = render(&reply, "a").unwrap_err().to_string();
        assert_eq!(refused, "there is no file `a.json`");
        std::fs::write(folder.path().join("a.json"), "[1]").unwrap();
        assert_eq!(
            content(reply.content, "a"),
            (Some(JSON.to_owned()), "[1]".to_owned())
        );
    }
}
