//! What is done to connections: a message to one or to many, a close.

use ::http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use serde_json::json;
use sockeye_mock::operate::Operator;
use sockeye_net::Body;
use sockeye_wire::CloseCode;

use super::body;
use super::connections::problem;
use crate::admin::answer::{Problem, ok};
use crate::admin::query::Query;

/// The longest reason of a Close frame, in bytes (RFC 6455, section 5.5: 125 less the code).
const REASON_BYTES: usize = 123;

pub(crate) async fn send(
    operator: &Operator,
    id: &str,
    request: Request<Incoming>,
) -> Result<Response<Body>, Problem> {
    Query::read(request.uri().query(), &[])?;
    let (headers, body) = body::read(request).await?;
    let message = body::message(&headers, &body)?;
    operator
        .send(id, message)
        .map_err(|error| problem(error, id))?;
    Ok(ok(
        &json!({ "success": true, "id": id, "bytes": body.len() }),
    ))
}

pub(crate) async fn broadcast(
    operator: &Operator,
    request: Request<Incoming>,
) -> Result<Response<Body>, Problem> {
    let query = Query::read(request.uri().query(), &["path", "room"])?;
    let (path, room) = (query.text("path"), query.text("room"));
    if path.is_some() && room.is_some() {
        let text = "`path` and `room` exclude each other";
        return Err(Problem::new(StatusCode::CONFLICT, text));
    }
    let (headers, body) = body::read(request).await?;
    let message = body::message(&headers, &body)?;
    let delivered = operator.broadcast(path, room, &message);
    Ok(ok(&json!({ "success": true, "delivered": delivered })))
}

pub(crate) fn close(
    operator: &Operator,
    id: &str,
    query: Option<&str>,
) -> Result<Response<Body>, Problem> {
    let query = Query::read(query, &["code", "reason"])?;
    let code = match query.number("code", 1000..=4999)? {
        None => CloseCode::NORMAL,
        Some(code) => CloseCode::new(code).ok_or_else(|| {
            let text = "no Close frame may carry this code; 1000, 1001, 1008, 1011 or 3000 to 4999";
            Problem::bad(text).with("parameter", "code")
        })?,
    };
    let reason = query.text("reason").unwrap_or_default();
    if reason.len() > REASON_BYTES {
        let text = format!("a reason has at most {REASON_BYTES} bytes");
        return Err(Problem::bad(text).with("parameter", "reason"));
    }
    let closed = operator.close(id, code, reason.to_owned());
    closed.map_err(|error| problem(error, id))?;
    Ok(ok(&json!({ "success": true, "id": id })))
}
