//! Hides the secrets of a channel in texts of its receiver. Pure.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use reqwest::Url;

/// What is shown in place of a secret.
const HIDDEN: &str = "[hidden]";

/// Shorter parts of a URL are not hidden: they would also be found in ordinary words.
const MIN_LEN: usize = 3;

/// The texts that an answer must not repeat in a receipt or an error. Many error pages quote the request, whose
/// path may be the secret itself, as with ntfy's topics.
#[derive(Clone, Default)]
pub struct Mask {
    secrets: Vec<String>,
}

impl Mask {
    /// Hides the path, query and log-in of a URL.
    pub fn add_url(&mut self, url: &Url) {
        let parts = url.path_segments().into_iter().flatten().chain(url.query());
        let parts: Vec<&str> = parts.filter(|part| part.len() >= MIN_LEN).collect();
        self.secrets.extend(parts.iter().map(|part| (*part).to_owned()));
        let decoded = |part: &&str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        self.secrets.extend(parts.iter().map(decoded));
        if let Some(password) = url.password() {
            let [user, password] =
                [url.username(), password].map(|part| percent_decode_str(part).decode_utf8_lossy());
            self.add_log_in(&user, &password);
        }
        self.sort();
    }

    /// Hides a password, a token or a key.
    pub fn add(&mut self, secret: &str) {
        self.secrets.push(secret.to_owned());
        self.sort();
    }

    /// Hides a password, and what it is encoded as when it is sent.
    pub fn add_log_in(&mut self, user: &str, password: &str) {
        let basic = format!("{user}:{password}");
        let plain = format!("\0{user}\0{password}");
        self.secrets.extend([basic.as_str(), &plain, password].map(|text| STANDARD.encode(text)));
        self.add(password);
    }

    /// The text without the secrets.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let hide = |text: String, secret: &String| text.replace(secret.as_str(), HIDDEN);
        self.secrets.iter().fold(text.to_owned(), hide)
    }

    /// The longest first, so that no part of one stays because a shorter one lies within it.
    fn sort(&mut self) {
        self.secrets.retain(|secret| !secret.is_empty());
        self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        self.secrets.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_in_all_their_forms() {
        let mut mask = Mask::default();
        mask.add_url(&"https://me:p%40ss@ntfy.sh/to/secret%20topic?auth=abc".parse().unwrap());
        mask.add("tk_1");
        let basic = STANDARD.encode("me:p@ss");
        let text =
            format!("POST /to/secret%20topic?auth=abc (secret topic) as {basic}, p@ss, tk_1");
        let hidden = "POST /to/[hidden]?[hidden] ([hidden]) as [hidden], [hidden], [hidden]";
        assert_eq!(mask.apply(&text), hidden);
        assert_eq!(Mask::default().apply("as it was"), "as it was");
    }
}
