//! Finds the data in a page of the site: the lines `BK.name = JSON;` of its script.
//!
//! Everything that counts stands in such lines. A scanner of lines is sounder here than a parser of HTML: that one
//! would give the script as one text, in which the lines must be found all the same, and would mend a page that is cut
//! off.

use std::collections::HashMap;

use serde::de::IgnoredAny;

use crate::sites::error::SourceError;
use crate::sites::payload::malformed;
use crate::text::clean::one_line;

/// The most assignments of a page. A real page has about twenty.
const MAX_ASSIGNMENTS: usize = 1000;

/// The most characters of a title that an error quotes.
const MAX_TITLE_LEN: usize = 60;

/// The data of a page: the JSON of each name.
#[derive(Debug)]
pub struct Page<'a> {
    body: &'a [u8],
    /// All values of a name, in their order. Code may assign to a name that has data, too.
    values: HashMap<&'a [u8], Vec<&'a [u8]>>,
}

impl<'a> Page<'a> {
    /// Finds the data of a page.
    ///
    /// # Errors
    /// `RateLimited` if it is a page of HTML without data: the site's waiting room has the status 200. `Foreign` if it
    /// is something else without data, and `Malformed` if it is cut off within its script.
    pub fn scan(body: &'a [u8]) -> Result<Self, SourceError> {
        let (mut values, mut count) = (HashMap::<_, Vec<_>>::new(), 0);
        // Where the next line begins, and where the last assignment ends.
        let (mut at, mut end) = (0, 0);
        for line in body.split_inclusive(|byte| *byte == b'\n') {
            at += line.len();
            if let Some((name, value)) = assignment(line) {
                if count == MAX_ASSIGNMENTS {
                    let problem = format!("more than {MAX_ASSIGNMENTS} assignments");
                    return Err(malformed("BK", problem, body));
                }
                values.entry(name).or_default().push(value);
                count += 1;
                end = at;
            }
        }
        if values.is_empty() {
            return Err(without_data(body));
        }
        if find(&body[end..], b"</script").is_none() {
            return Err(malformed("BK", "the page ends before its script does", body));
        }
        Ok(Self { body, values })
    }

    /// The JSON of a name. None if the page does not have the name. If several lines assign to it, the last one with
    /// JSON counts, because other code may assign to it, too.
    ///
    /// # Errors
    /// `Malformed` if it is not UTF-8.
    pub fn json(&self, name: &str) -> Result<Option<&'a str>, SourceError> {
        let Some(values) = self.values.get(name.as_bytes()) else { return Ok(None) };
        let is_json = |value: &&&[u8]| serde_json::from_slice::<IgnoredAny>(value).is_ok();
        let value = match &values[..] {
            [value] => Some(value),
            several => several.iter().rev().find(is_json).or(several.last()),
        };
        let Some(value) = value else { return Ok(None) };
        let text = std::str::from_utf8(value);
        text.map(Some).map_err(|error| self.malformed(name, error))
    }

    /// The error of a page with a `problem` in the value of a name.
    pub fn malformed(&self, name: &str, problem: impl std::fmt::Display) -> SourceError {
        malformed(&format!("BK.{name}"), problem, self.body)
    }
}

/// The name and the value of a line `BK.name = value;`.
fn assignment(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.trim_ascii().strip_prefix(b"BK.")?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let end = rest.iter().position(|byte| !is_name(byte)).filter(|end| *end > 0)?;
    let (name, rest) = rest.split_at(end);
    let value = rest.trim_ascii_start().strip_prefix(b"=")?;
    // A comparison is no assignment.
    let value = (!value.starts_with(b"=")).then(|| value.trim_ascii())?;
    Some((name, value.strip_suffix(b";").unwrap_or(value).trim_ascii_end()))
}

fn without_data(body: &[u8]) -> SourceError {
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    if !start.starts_with(b"<") {
        return malformed(".", "expected a page with lines such as BK.structure = …", body);
    }
    let body = format!("a page without data, such as its waiting room{}", title(body));
    SourceError::RateLimited { status: 200, retry_after: None, body }
}

/// The title of a page, in quotes after a comma. Empty if the page has none.
fn title(body: &[u8]) -> String {
    const BEGIN: &[u8] = b"<title>";
    let title = find(body, BEGIN).map(|at| &body[at + BEGIN.len()..]);
    let title = title.and_then(|rest| Some(&rest[..find(rest, b"<")?])).unwrap_or_default();
    match one_line(&String::from_utf8_lossy(title), MAX_TITLE_LEN) {
        title if title.is_empty() => title,
        title => format!(", {title:?}"),
    }
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::ErrorKind;

    fn page(lines: &str) -> String {
        format!("<!DOCTYPE html>\n<script>\n{lines}\n</script>\n</html>\n")
    }

    fn value(lines: &str, name: &str) -> Option<String> {
        let page = page(lines);
        let page = Page::scan(page.as_bytes()).unwrap();
        page.json(name).unwrap().map(str::to_owned)
    }

    #[test]
    fn each_line_assigns_the_json_of_a_name() {
        let lines = "BK.a = {\"x\":\"1;2\"};\n\t BK.b_2=[] ;\r\nBK.c = 1\nBKx.d = 2;\nBK. = 3;\nBK.e == 4;\nBK.f.g = 5;";
        assert_eq!(value(lines, "a").as_deref(), Some("{\"x\":\"1;2\"}"));
        assert_eq!(value(lines, "b_2").as_deref(), Some("[]"));
        assert_eq!(value(lines, "c").as_deref(), Some("1"));
        for other in ["", "d", "e", "f", "f.g", "x"] {
            assert_eq!(value(lines, other), None, "{other:?}");
        }
    }

    #[test]
    fn the_last_json_of_a_name_counts_whatever_other_code_assigns() {
        let lines = "BK.a = 1;\nBK.a = 2;\nBK.a = $('#a').val();";
        assert_eq!(value(lines, "a").as_deref(), Some("2"));
        assert_eq!(value("BK.a = f();", "a").as_deref(), Some("f()"));
    }

    #[test]
    fn a_page_without_data_is_the_waiting_room() {
        let html = "\u{feff}\n<!DOCTYPE html><title>File\n d\u{7f}attente</title>";
        for body in [html, "<html>", " <p>Please wait"] {
            let error = Page::scan(body.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::RateLimited, "{body}");
        }
        assert_eq!(
            Page::scan(html.as_bytes()).unwrap_err().to_string(),
            "the site asks for fewer requests (HTTP 200): a page without data, such as its waiting \
             room, \"File d attente\""
        );
        for body in ["", "[]", "{\"error\":1}", "BK"] {
            let error = Page::scan(body.as_bytes()).unwrap_err();
            assert!(matches!(error, SourceError::Foreign { .. }), "{body}: {error}");
        }
    }

    #[test]
    fn a_page_that_is_cut_off_is_malformed() {
        let whole = page("BK.a = {\"b\":1};\nBK.c = 2;");
        for end in whole.find("BK.a = ").unwrap() + 7..whole.find("</script").unwrap() + 7 {
            let error = Page::scan(&whole.as_bytes()[..end]).unwrap_err();
            assert!(error.to_string().starts_with("at BK: the page ends before its script does"));
        }
    }

    #[test]
    fn bytes_that_are_no_text_and_endless_pages_are_malformed() {
        let bytes = [&b"BK.a = \"\xff\";\nBK.b = 1;\n</script>"[..]].concat();
        let page = Page::scan(&bytes).unwrap();
        assert!(page.json("a").unwrap_err().to_string().starts_with("at BK.a: invalid utf-8"));
        assert_eq!(page.json("b"), Ok(Some("1")), "only the lines that are used count");
        let many = "BK.a = 1;\n".repeat(MAX_ASSIGNMENTS + 1);
        let error = Page::scan(many.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("at BK: more than 1000 assignments"), "{error}");
    }
}
