//! The layout of every page, and rendering a page as a response.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};

use super::assets::{ICON_URL, SCRIPT_URL, STYLE_URL};
use crate::web::problem::Problem;

/// How long a browser may cache a page. It is short, because people look for changes.
const PAGE_MAX_AGE: &str = "public, max-age=30";

const NO_STORE: &str = "no-store";

const HTML: &str = "text/html; charset=utf-8";

/// The sections of the website, in the order of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Map,
    Stays,
    Tours,
    Availability,
    History,
    Huts,
    Checks,
    None,
}

impl Section {
    /// The sections with their paths and names.
    const ALL: [(Self, &str, &str); 7] = [
        (Self::Map, "/", "Map"),
        (Self::Stays, "/stays", "Stays"),
        (Self::Tours, "/tours", "Tours"),
        (Self::Availability, "/availability", "Current availability"),
        (Self::History, "/history", "History"),
        (Self::Huts, "/huts", "Huts"),
        (Self::Checks, "/checks", "Checks"),
    ];
}

/// The title, the navigation and the assets of a page.
#[derive(Clone, Debug)]
pub struct Layout {
    pub title: String,
    pub section: Section,
    pub style_url: &'static str,
    pub script_url: &'static str,
    pub icon_url: &'static str,
}

impl Layout {
    #[must_use]
    pub fn new(title: impl Into<String>, section: Section) -> Self {
        Self {
            title: title.into(),
            section,
            style_url: &STYLE_URL,
            script_url: &SCRIPT_URL,
            icon_url: &ICON_URL,
        }
    }

    #[must_use]
    pub fn sections(&self) -> [(Section, &'static str, &'static str); 7] {
        Section::ALL
    }
}

/// Renders a page.
#[must_use]
pub fn page(template: &impl Template) -> Response {
    page_with(StatusCode::OK, template)
}

/// Renders a page with a status. Only pages with status 200 may be cached.
#[must_use]
pub fn page_with(status: StatusCode, template: &impl Template) -> Response {
    let cache_control = if status == StatusCode::OK { PAGE_MAX_AGE } else { NO_STORE };
    render(status, cache_control, template)
}

/// Renders a page that no cache may keep, because it is not for everyone.
#[must_use]
pub fn private_page_with(status: StatusCode, template: &impl Template) -> Response {
    render(status, NO_STORE, template)
}

fn render(status: StatusCode, cache_control: &'static str, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let headers = [(CONTENT_TYPE, HTML), (CACHE_CONTROL, cache_control)];
            (status, headers, html).into_response()
        }
        Err(error) => {
            tracing::error!("cannot render a page: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    layout: Layout,
    problem: Problem,
}

/// Renders a problem as a page.
#[must_use]
pub fn problem_page(problem: Problem) -> Response {
    let title = problem.status.canonical_reason().unwrap_or("Problem");
    let layout = Layout::new(title, Section::None);
    let status = problem.status;
    page_with(status, &ProblemPage { layout, problem })
}

/// Turns a response with a problem into a page; other responses stay as they are. Errors of axum about a path
/// that is not UTF-8 have no problem, so they are recognised by their status.
pub async fn problem_as_page(mut response: Response) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let mut page = problem_page(problem);
        for name in [ALLOW, RETRY_AFTER] {
            page.headers_mut()
                .extend(response.headers_mut().remove(&name).map(|value| (name, value)));
        }
        return page;
    }
    let is_page = response.headers().get(CONTENT_TYPE).is_some_and(|value| value == HTML);
    if response.status() == StatusCode::BAD_REQUEST && !is_page {
        return problem_page(Problem::new(StatusCode::BAD_REQUEST, "the URL is not valid UTF-8"));
    }
    response
}
