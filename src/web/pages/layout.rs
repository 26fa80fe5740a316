//! The layout of every page, and rendering a page as a response.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::assets::{ICON_URL, MAP_SCRIPT_URL, SCRIPT_URL, STYLE_URL};
use super::explain::explain;
use super::params::Params;
use crate::text::language::Language;
use crate::text::texts::Texts;
use crate::web::problem::Problem;
use crate::web::visitor::Visitor;

/// How long a browser may cache a page. It is short, because people look for changes.
const PAGE_MAX_AGE: &str = "public, max-age=30";

const NO_STORE: &str = "no-store";

const HTML: &str = "text/html; charset=utf-8";

/// The sections of the website, in the order of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Start,
    Stays,
    Tours,
    Availability,
    Changes,
    Huts,
    Checks,
    None,
}

impl Section {
    /// The sections with their paths and the texts of their names.
    const ALL: [(Self, &str, &str); 7] = [
        (Self::Start, "/", "nav-start"),
        (Self::Stays, "/stays", "nav-stays"),
        (Self::Tours, "/tours", "nav-tours"),
        (Self::Availability, "/availability", "nav-availability"),
        (Self::Changes, "/history", "nav-changes"),
        (Self::Huts, "/huts", "nav-huts"),
        (Self::Checks, "/checks", "nav-checks"),
    ];
}

/// The title, the language, the navigation and the assets of a page.
#[derive(Clone, Debug)]
pub struct Layout {
    pub t: Texts,
    pub title: String,
    /// What the page answers, for the preview of a shared link; may be empty.
    pub description: String,
    pub section: Section,
    pub style_url: &'static str,
    pub script_url: &'static str,
    pub map_script_url: &'static str,
    pub icon_url: &'static str,
    address: String,
}

impl Layout {
    #[must_use]
    pub fn new(visitor: &Visitor, title: impl Into<String>, section: Section) -> Self {
        Self {
            t: visitor.t,
            title: title.into(),
            description: String::new(),
            section,
            style_url: &STYLE_URL,
            script_url: &SCRIPT_URL,
            map_script_url: &MAP_SCRIPT_URL,
            icon_url: &ICON_URL,
            address: visitor.address.clone(),
        }
    }

    /// With what the page answers, for the preview of a shared link.
    #[must_use]
    pub fn described(self, description: impl Into<String>) -> Self {
        Self { description: description.into(), ..self }
    }

    #[must_use]
    pub fn sections(&self) -> [(Section, &'static str, String); 7] {
        Section::ALL.map(|(section, path, name)| (section, path, self.t.get(name)))
    }

    /// The languages, each with the address that shows this page in it.
    #[must_use]
    pub fn languages(&self) -> [(Language, String); Language::ALL.len()] {
        let to = Params::default().link_with(&[("to", &self.address)]);
        Language::ALL.map(|language| (language, format!("/language/{language}{to}")))
    }

    /// What is wrong with the request, in the language of the visitor.
    #[must_use]
    pub fn explain(&self, problem: &Problem) -> String {
        explain(self.t, &self.address, problem)
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
pub fn problem_page(visitor: &Visitor, problem: Problem) -> Response {
    let title = match visitor.t.language {
        Language::English => problem.status.canonical_reason().unwrap_or("Problem").to_owned(),
        _ => visitor.t.get("problem-title"),
    };
    let layout = Layout::new(visitor, title, Section::None);
    let status = problem.status;
    page_with(status, &ProblemPage { layout, problem })
}

/// Turns a response with a problem into a page; other responses stay as they are. Errors of axum about a path
/// that is not UTF-8 have no problem, so they are recognised by their status.
pub async fn problem_as_page(visitor: Visitor, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let mut page = problem_page(&visitor, problem);
        for name in [ALLOW, RETRY_AFTER] {
            page.headers_mut()
                .extend(response.headers_mut().remove(&name).map(|value| (name, value)));
        }
        return page;
    }
    let is_page = response.headers().get(CONTENT_TYPE).is_some_and(|value| value == HTML);
    if response.status() == StatusCode::BAD_REQUEST && !is_page {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "the URL is not valid UTF-8");
        return problem_page(&visitor, problem);
    }
    response
}
