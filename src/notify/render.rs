//! Makes plain text and HTML of a message in words. Pure.

use super::wording::{Block, Detail, Text};

/// Stands for the items that are left out.
const LEFT_OUT: &str = "…\n\n";

/// The whole message as plain text, without its title.
#[must_use]
pub fn plain(text: &Text) -> String {
    plain_within(text, usize::MAX)
}

/// The same in at most so many bytes: what does not fit is left out from the end of the list, and the footer stays.
#[must_use]
pub fn plain_within(text: &Text, max_len: usize) -> String {
    let footer = text.footer.join("\n") + "\n";
    let blocks: Vec<String> = paragraphs(&text.blocks);
    let len: usize = blocks.iter().map(String::len).sum();
    if len + footer.len() <= max_len {
        return blocks.concat() + &footer;
    }
    let mut body = String::new();
    for block in blocks {
        if body.len() + block.len() + LEFT_OUT.len() + footer.len() > max_len {
            break;
        }
        body += &block;
    }
    body + LEFT_OUT + &footer
}

/// Each block with the empty line after it. Items of a list follow each other without one.
fn paragraphs(blocks: &[Block]) -> Vec<String> {
    let is_item = |block: Option<&Block>| matches!(block, Some(Block::Item { .. }));
    let paragraph = |(at, block): (usize, &Block)| {
        let end = if is_item(Some(block)) && is_item(blocks.get(at + 1)) { "" } else { "\n" };
        format!("{}{end}", plain_block(block))
    };
    blocks.iter().enumerate().map(paragraph).collect()
}

fn plain_block(block: &Block) -> String {
    match block {
        Block::Paragraph(text) => format!("{text}\n"),
        Block::Item { line, details } => {
            let details: String =
                details.iter().map(|detail| format!("  {}\n", line_of(detail))).collect();
            format!("- {line}\n{details}")
        }
    }
}

fn line_of(detail: &Detail) -> &str {
    match detail {
        Detail::Line(line) | Detail::Link { line, .. } => line,
    }
}

/// The message as a simple HTML page.
#[must_use]
pub fn html(text: &Text, language: &str) -> String {
    let mut body = String::new();
    let mut is_list = false;
    for block in &text.blocks {
        let is_item = matches!(block, Block::Item { .. });
        if is_item != is_list {
            body += if is_item { "<ul>\n" } else { "</ul>\n" };
            is_list = is_item;
        }
        match block {
            Block::Paragraph(text) => body += &format!("<p>{}</p>\n", escape(text)),
            Block::Item { line, details } => {
                let details: String = details.iter().map(html_detail).collect();
                body += &format!("<li>{}{details}</li>\n", escape(line));
            }
        }
    }
    if is_list {
        body += "</ul>\n";
    }
    let footer: Vec<String> = text.footer.iter().map(|line| escape(line)).collect();
    let (title, footer) = (escape(&text.title), footer.join("<br>\n"));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body>\n{body}<p><small>{footer}</small></p>\n</body>\n</html>\n"
    )
}

fn html_detail(detail: &Detail) -> String {
    match detail {
        Detail::Line(line) => format!("<br>\n{}", escape(line)),
        Detail::Link { label, link, note, .. } => {
            let note = note.as_deref().map(|note| format!(" ({})", escape(note)));
            let (link, label, note) = (escape(link), escape(label), note.unwrap_or_default());
            format!("<br>\n<a href=\"{link}\">{label}</a>{note}")
        }
    }
}

fn escape(text: &str) -> String {
    let escaped = |c: char| match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        '"' => "&quot;".into(),
        '\'' => "&#39;".into(),
        c => String::from(c),
    };
    text.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Text {
        let link = "https://x/?a=1&b=2".to_owned();
        let item = |line: &str| Block::Item {
            line: line.into(),
            details: vec![
                Detail::Line("two <b>".into()),
                Detail::Link {
                    label: "Book".into(),
                    link: link.clone(),
                    note: Some("now".into()),
                    line: format!("Book: {link} (now)"),
                },
            ],
        };
        Text {
            title: "<Title>".into(),
            blocks: vec![Block::Paragraph("Room:".into()), item("one"), item("other")],
            footer: vec!["Watch: a & b".into(), "Message: 1".into()],
            link: None,
        }
    }

    #[test]
    fn plain_text_has_items_and_paragraphs() {
        let item = |line| format!("- {line}\n  two <b>\n  Book: https://x/?a=1&b=2 (now)\n");
        let expected =
            format!("Room:\n\n{}{}\nWatch: a & b\nMessage: 1\n", item("one"), item("other"));
        assert_eq!(plain(&text()), expected);
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_the_footer_stays() {
        let whole = plain(&text());
        assert_eq!(plain_within(&text(), whole.len()), whole);
        let cut = plain_within(&text(), whole.len() - 1);
        assert!(cut.len() < whole.len() && !cut.contains("other"), "{cut}");
        assert!(cut.ends_with("(now)\n…\n\nWatch: a & b\nMessage: 1\n"), "{cut}");
    }

    #[test]
    fn html_is_escaped() {
        let page = html(&text(), "en");
        assert!(page.contains("<title>&lt;Title&gt;</title>"), "{page}");
        assert!(page.contains("<li>one<br>\ntwo &lt;b&gt;<br>\n"), "{page}");
        assert!(page.contains("<a href=\"https://x/?a=1&amp;b=2\">Book</a> (now)</li>"), "{page}");
        assert!(page.contains("</ul>\n<p><small>Watch: a &amp; b<br>\nMessage: 1"), "{page}");
    }
}
