//! What messages say, in each language.

use hut_availability::domain::message::Message;
use hut_availability::notify::reader::Reader;
use hut_availability::notify::render::{html, plain, plain_within};
use hut_availability::notify::wording::compose;
use hut_availability::text::language::Language;

use super::messages::{closing, closings, nights, season, stay, summary, test, tour};

fn reader(language: Language) -> Reader {
    Reader { language, ..Reader::default() }
}

fn all(language: Language) -> String {
    let messages = [stay(), nights(), tour(), summary(), closing(), closings(), season(3), test()];
    let text = |message: &Message| {
        let text = compose(message, reader(language));
        format!("# {}\n\n{}", text.title, plain(&text))
    };
    messages.iter().map(text).collect::<Vec<_>>().join("\n")
}

#[test]
fn messages_are_in_english() {
    insta::assert_snapshot!("messages_en", all(Language::English));
}

#[test]
fn messages_are_in_german() {
    insta::assert_snapshot!("messages_de", all(Language::German));
}

#[test]
fn messages_are_in_french() {
    insta::assert_snapshot!("messages_fr", all(Language::French));
}

#[test]
fn messages_are_in_italian() {
    insta::assert_snapshot!("messages_it", all(Language::Italian));
}

#[test]
fn a_message_may_be_html() {
    insta::assert_snapshot!("message_html", html(&compose(&tour(), Reader::default()), "en"));
}

/// Booking sites and users choose the names.
#[test]
fn hostile_names_and_links_do_no_harm() {
    let mut message = stay();
    message.watch = "evil\r\nBcc: all@example.org\u{202e}{ $hut }".into();
    let offer = &mut message.opened.first[0].stages[0][0];
    offer.name = "<script>alert(1)</script>\n- Other hut: 9 places".into();
    offer.link = Some("javascript:alert(1)".into());
    for language in Language::ALL {
        let text = compose(&message, reader(language));
        let page = html(&text, language.code());
        assert!(!text.title.contains('\n') && text.link.is_none(), "{text:?}");
        assert!(!page.contains("<script") && !page.contains("href"), "{page}");
        let plain = plain(&text);
        assert!(!plain.contains("javascript") && !plain.contains('\u{202e}'), "{plain}");
        assert!(plain.contains("evil Bcc: all@example.org{ $hut }\n"), "{plain}");
        assert!(!plain.contains("\n- Other"), "{plain}");
    }
}

#[test]
fn a_text_has_no_marks_of_direction() {
    for language in Language::ALL {
        let text = all(language);
        assert!(!text.contains(['\u{2068}', '\u{2069}']), "{text}");
    }
}

#[test]
fn a_long_text_is_cut_between_arrivals() {
    for language in Language::ALL {
        let text = compose(&season(20), reader(language));
        let cut = plain_within(&text, 1024);
        assert!(cut.len() <= 1024 && cut.contains("- Watzmannhaus"), "{cut}");
        assert!(cut.ends_with(&(text.footer.join("\n") + "\n")), "{cut}");
    }
}
