//! JOURNEY 2: a plain HTTP request meets an endpoint and gets its response.
//!
//! Before this stands [`crate::Mock`], which found the endpoint by host, path and method; requests that find
//! none are answered by `refuse`. `respond` calls the stages in order:
//!
//! | file | stage |
//! |---|---|
//! | `receive` | the body is read, within its bounds |
//! | `rate_limit` | the client's quota is used up or not |
//! | `latency` | the endpoint is slow, or fails, if its file wants that |
//! | `demand` | query and body have what the file demands; `form` compares bodies with an example |
//! | `reply` | status, headers and body are rendered; `typed` knows the types of parameters, `external` reads files |
//! | `webhook` | somebody is called about it, beside this journey |
//!
//! Whatever goes wrong on the way is a `Refusal`, with a status and a JSON body.

mod demand;
mod draws;
mod endpoint;
mod external;
mod form;
mod latency;
#[cfg(test)]
mod live;
mod rate_limit;
mod receive;
mod refusal;
pub(crate) mod refuse;
mod reply;
mod typed;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ::http::{Method, Request, Response};
use hyper::body::Incoming as RequestBody;
use sockeye_net::{Body, Message};
use sockeye_script::template::Scope;
use tracing::{debug, warn};

pub(crate) use demand::Demand;
pub(crate) use draws::Draws;
pub use endpoint::Endpoint;
pub(crate) use external::{File, Format};
pub(crate) use form::Form;
pub(crate) use latency::Latency;
pub(crate) use rate_limit::{Quota, RateLimit};
pub(crate) use refusal::Refusal;
pub(crate) use reply::{Content, Reply, media_type};

use crate::facts::Facts;
use crate::incoming::Incoming;
use crate::occasion::Occasion;
use crate::pairs::Pairs;
use crate::plan::Hit;
use crate::vars::Context;
use crate::world::World;
use receive::{Bounds, receive};
use typed::Typed;

/// The endpoint for a method: of the most special route that has one. HEAD is served by GET, and the
/// network leaves out the body (RFC 9110 section 9.3.2).
pub(crate) fn pick<'h, 'p>(
    hits: &'h [Hit<'p>],
    method: &Method,
) -> Option<(&'p Arc<Endpoint>, &'h Hit<'p>)> {
    let of = |hit: &Hit<'p>, wanted: &Method| {
        let route = hit.route;
        route
            .endpoints
            .iter()
            .find(|endpoint| endpoint.method() == wanted)
    };
    hits.iter().find_map(|hit| {
        let get = || {
            (method == Method::HEAD)
                .then(|| of(hit, &Method::GET))
                .flatten()
        };
        Some((of(hit, method).or_else(get)?, hit))
    })
}

/// The methods that a path knows, each once.
pub(crate) fn methods(hits: &[Hit<'_>]) -> Vec<Method> {
    let mut known: Vec<Method> = Vec::new();
    let endpoints = hits.iter().flat_map(|hit| hit.route.endpoints.iter());
    for method in endpoints.map(|endpoint| endpoint.method()) {
        let head = (method == Method::GET).then_some(&Method::HEAD);
        for method in [method].into_iter().chain(head) {
            if !known.contains(method) {
                known.push(method.clone());
            }
        }
    }
    known
}

/// Answers a request for `endpoint` from `peer`, whatever it takes.
pub(crate) async fn respond(
    world: &World,
    endpoint: &Endpoint,
    request: Request<RequestBody>,
    parameters: Pairs,
    peer: SocketAddr,
) -> Response<Body> {
    let quota = endpoint
        .rate_limit
        .as_ref()
        .map(|limit| limit.take(peer.ip(), Instant::now()));
    let answer = answer(world, endpoint, request, parameters, quota).await;
    let mut response = answer.unwrap_or_else(|refusal| refuse_aloud(world, endpoint, &refusal));
    if let Some(quota) = quota {
        quota.write(world.clock(), response.headers_mut());
    }
    response
}

async fn answer(
    world: &World,
    endpoint: &Endpoint,
    request: Request<RequestBody>,
    parameters: Pairs,
    quota: Option<Quota>,
) -> Result<Response<Body>, Refusal> {
    let facts = Facts::of(&request, parameters);
    // First of all, so that a refusal later does not leave half a request in the connection.
    let body = receive(request.into_body(), Bounds::default()).await?;
    endpoint.check_quota(quota)?;
    let mut random = endpoint.random(world);
    if let Some(latency) = &endpoint.latency {
        latency.pass(&mut random).await?;
    }
    endpoint.demand.check_query(&facts)?;
    let message = std::str::from_utf8(&body).map_or(Message::Binary(&body), Message::Text);
    let incoming = Incoming::new(message);
    endpoint.demand.check_body(&facts, &incoming)?;
    let vars = Typed {
        vars: Context {
            world,
            facts: &facts,
            route: &endpoint.path,
            about: Occasion {
                incoming: (!body.is_empty()).then_some(&incoming),
                ..Occasion::default()
            },
        },
        path: &endpoint.parameters,
        query: &endpoint.demand.query,
    };
    let mut scope = Scope {
        vars: &vars,
        random: &mut random,
        clock: world.clock(),
    };
    let response = endpoint.reply.render(&mut scope).await?;
    if let Some(webhook) = &endpoint.webhook {
        webhook.call(world, &mut scope, Duration::ZERO);
    }
    Ok(response)
}

/// The response of a refusal. The file's own mistakes are counted and logged for its author.
fn refuse_aloud(world: &World, endpoint: &Endpoint, refusal: &Refusal) -> Response<Body> {
    let (method, path, status) = (endpoint.method(), &endpoint.path, refusal.status());
    let may_log = !matches!(refusal, Refusal::Template(_)) || world.count_template_error();
    if refusal.is_ours() && may_log {
        warn!(%method, path, %status, place = %endpoint.place, "{refusal}");
    } else {
        debug!(%method, path, %status, "{refusal}");
    }
    refusal.response()
}

#[cfg(test)]
mod tests {
    use sockeye_core::{Place, Source};

    use super::*;
    use crate::path::{Notation, PathPattern};
    use crate::plan::Route;

    fn route(path: &str, methods: &[Method]) -> Route {
        let place = Place::new(&Source::new("t.yml", ""), 0..0);
        let path = PathPattern::parse(path, Notation::Colon).unwrap();
        let endpoint =
            |method: &Method| Arc::new(Endpoint::new(method.clone(), &path, place.clone()));
        let endpoints = methods.iter().map(endpoint).collect();
        Route {
            host: None,
            path,
            socket: None,
            endpoints,
            place: None,
            number: 0,
        }
    }

    fn hits(routes: &[Route]) -> Vec<Hit<'_>> {
        routes
            .iter()
            .map(|route| Hit {
                route,
                parameters: Pairs::default(),
            })
            .collect()
    }

    #[test]
    fn the_first_route_with_the_method_is_taken() {
        let routes = [
            route("/a/b", &[Method::GET]),
            route("/a/:x", &[Method::GET, Method::DELETE]),
        ];
        let hits = hits(&routes);
        let picked = |method| pick(&hits, &method).map(|(_, hit)| hit.route.path.to_string());
        assert_eq!(picked(Method::GET), Some("/a/b".to_owned()));
        assert_eq!(picked(Method::DELETE), Some("/a/:x".to_owned()));
        assert_eq!(picked(Method::PUT), None);
    }

    #[test]
    fn head_is_served_by_get_unless_it_is_defined() {
        let method = |routes: &[Route]| {
            pick(&hits(routes), &Method::HEAD).map(|(endpoint, _)| endpoint.method().clone())
        };
        assert_eq!(method(&[route("/", &[Method::GET])]), Some(Method::GET));
        assert_eq!(
            method(&[route("/", &[Method::GET, Method::HEAD])]),
            Some(Method::HEAD)
        );
        assert_eq!(method(&[route("/", &[Method::POST])]), None);
    }

    #[test]
    fn the_methods_of_a_path_are_listed_once() {
        let routes = [
            route("/a", &[Method::GET, Method::POST]),
            route("/:x", &[Method::GET]),
        ];
        assert_eq!(
            methods(&hits(&routes)),
            [Method::GET, Method::HEAD, Method::POST]
        );
    }
}
