//! A reload that an operator asks for; the files are loaded where they always are.

use ::http::{Response, StatusCode};
use serde_json::{Value, json};
use sockeye_net::Body;
use tokio::sync::{mpsc, oneshot};

use crate::admin::answer::{Problem, ok};

/// Asks for a reload, and hears what came of it.
pub(crate) type ReloadRequest = oneshot::Sender<Reloaded>;

/// What came of a reload.
#[derive(Debug)]
pub(crate) struct Reloaded {
    /// The new generation, or a sentence that says why the old rules stay in force.
    pub(crate) result: Result<u64, String>,
    /// Warnings, or mistakes.
    pub(crate) mistakes: Value,
}

pub(crate) async fn run(reloads: &mpsc::Sender<ReloadRequest>) -> Result<Response<Body>, Problem> {
    let busy = |_| {
        let text = "too many reloads wait already";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, text)
    };
    let (tell, told) = oneshot::channel();
    reloads.try_send(tell).map_err(busy)?;
    let gone = |_| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the server is shutting down",
        )
    };
    let reloaded = told.await.map_err(gone)?;
    match reloaded.result {
        Ok(generation) => Ok(ok(&json!({
            "success": true,
            "generation": generation,
            "warnings": reloaded.mistakes,
        }))),
        Err(text) => {
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, text);
            Err(problem.with("mistakes", reloaded.mistakes))
        }
    }
}
