//! The file of channels: what is wrong with it is said with file, channel and key, and without secrets.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use hut_availability::notify::channels::Channels;

use super::messages::stay;
use super::{now, write};
use crate::support::receiver::Receiver;

const KEY: &str = "whsec_aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMg==";

fn error_of(text: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), text);
    let error = format!("{:#}", Channels::read(&path).unwrap_err());
    assert!(!error.contains("hunter2") && !error.contains("aHVu"), "{error}");
    let (file, rest) = error.split_at(path.to_str().unwrap().len());
    assert_eq!(file, path.to_str().unwrap(), "{error}");
    rest.replace(directory.path().to_str().unwrap(), "DIRECTORY")
}

fn webhook(keys: &str) -> String {
    format!("[channels.me]\nkind = \"webhook\"\n{keys}\n")
}

const URL: &str = "url = \"https://example.org/hooks/hunter2\"";

#[test]
fn channels_are_found_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let text = format!(
        "{}[channels.my_phone-2]\nkind = \"ntfy\"\nurl = \"https://ntfy.sh/hunter2\"\nlanguage = \"it\"\n\
         timezone = \"Europe/Rome\"\n[channels.mail]\nkind = \"email\"\nurl = \"smtps://mail.example.org\"\n\
         from = \"a@example.org\"\nto = [\"b@example.org\"]\n",
        webhook(&format!("{URL}\nsecret = \"{KEY}\""))
    );
    let channels = Channels::read(&write(directory.path(), &text)).unwrap();
    assert_eq!(channels.names().collect::<Vec<_>>(), ["mail", "me", "my_phone-2"]);
    assert_eq!(channels.get("my_phone-2").unwrap().kind(), "ntfy");
    assert!(channels.get("phone").is_none());
    let error = |name| channels.find(name).unwrap_err().to_string();
    assert_eq!(error("phone"), "no channel \"phone\": did you mean my_phone-2?");
    assert_eq!(error("x"), "no channel \"x\": the channels are mail, me, my_phone-2");
    let shown = format!("{channels:?}");
    assert!(!shown.contains("hunter2") && shown.contains("me (webhook)"), "{shown}");
}

#[test]
fn the_examples_of_the_documentation_are_valid() {
    let page = include_str!("../../../docs/watches.md");
    let examples = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut kinds = std::collections::BTreeSet::new();
    for example in examples.filter(|example| example.starts_with("[channels.")) {
        let directory = tempfile::tempdir().unwrap();
        for name in ["hooks.secret", "new.secret", "old.secret", "ntfy.token", "mail.password"] {
            std::fs::write(directory.path().join(name), KEY).unwrap();
        }
        let channels = Channels::read(&write(directory.path(), example)).unwrap();
        kinds.extend(channels.names().map(|name| channels.get(name).unwrap().kind()));
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["apprise", "email", "ntfy", "webhook"]);
}

#[test]
fn there_may_be_no_channels() {
    let directory = tempfile::tempdir().unwrap();
    let empty = Channels::read(&write(directory.path(), "# none yet\n")).unwrap();
    for channels in [empty, Channels::default()] {
        assert!(channels.is_empty());
        let error = channels.find("me").unwrap_err().to_string();
        assert_eq!(error, "no channel \"me\": no channels are known, name a file of them");
    }
}

#[test]
fn a_file_that_is_missing_or_no_toml_is_named() {
    let missing = Channels::read("/nowhere/channels.toml".as_ref()).unwrap_err();
    let expected = "cannot read the file of channels /nowhere/channels.toml: No such file";
    assert!(format!("{missing:#}").starts_with(expected), "{missing:#}");
    let error = error_of("[channels.me]\nkind = \"webhook\"\nsecret = hunter2\n");
    assert!(error.starts_with(", line 3: this is not valid TOML: "), "{error}");
    assert!(
        error_of("[channel.me]\n").starts_with(": the key \"channel\" is unknown: expected one")
    );
    assert!(error_of("channels = 1\n").starts_with(", key channels: expected one table"));
    assert!(error_of("[channels]\nme = 1\n").starts_with(", key channels.me: expected one table"));
    assert!(
        error_of("[channels.\"a b\"]\n").starts_with(": the name \"a b\" of a channel may have")
    );
}

#[test]
fn each_error_names_channel_and_key() {
    let ntfy = "[channels.me]\nkind = \"ntfy\"\nurl = \"https://ntfy.sh/hunter2\"\n";
    let mail =
        "[channels.me]\nkind = \"email\"\nfrom = \"a@example.org\"\nto = \"b@example.org\"\n";
    for (text, expected) in [
        ("[channels.me]".to_owned(), "kind: is missing: add a line such as kind = \"webhook\""),
        (
            "[channels.me]\nkind = \"mail\"".into(),
            "kind: expected one of apprise, email, ntfy, webhook, got \"mail\"",
        ),
        ("[channels.me]\nkind = 1".into(), "kind: expected a text in quotes"),
        (
            webhook(""),
            "url: is missing: add a line such as url = \"https://example.org/hooks/huts\"",
        ),
        (
            webhook("url = \"hunter2\""),
            "url: expected a URL such as https://example.org/hooks/huts: relative URL without a base",
        ),
        (
            webhook("url = \"ftp://hunter2\""),
            "url: expected a URL such as https://example.org/hooks/huts",
        ),
        (
            webhook(&format!("{URL}\nsecrets = \"hunter2\"")),
            "secrets: is unknown: did you mean secret",
        ),
        (
            webhook(&format!("{URL}\nx = 1")),
            "x: is unknown: this kind of channel has the keys kind, language, secret, secret_file, timezone, url, url_file",
        ),
        (
            webhook(&format!("{URL}\nsecret = \"hunter2\"")),
            "secret: must begin with whsec_; make one with",
        ),
        (
            webhook(&format!("{URL}\nsecret = \"whsec_aHVudGVyMg==\"")),
            "secret: has a key of 7 bytes, must be 24 to 64 bytes",
        ),
        (
            webhook(&format!("{URL}\nsecret = \"whsec_hunter2!\"")),
            "secret: must be Base64 after whsec_",
        ),
        (
            webhook(&format!("{URL}\nsecret = []")),
            "secret: expected a text in quotes, or a list of them",
        ),
        (
            webhook(&format!("{URL}\nsecret = \"{KEY}\"\nsecret_file = \"x\"")),
            "secret: secret_file is there too: give only one of them",
        ),
        (
            webhook(&format!("{URL}\nsecret_file = \"nowhere\"")),
            "secret_file: cannot read DIRECTORY/nowhere: No such file",
        ),
        (
            webhook(&format!("{URL}\nlanguage = \"rm\"")),
            "language: expected one of en, de, fr, it, sl, got \"rm\"",
        ),
        (
            webhook(&format!("{URL}\ntimezone = \"Bern\"")),
            "timezone: expected an IANA time zone such as Europe/Zurich",
        ),
        (format!("{ntfy}token = 12"), "token: expected a text in quotes"),
        (format!("{ntfy}token = [\"hunter2\", \"b\"]"), "token: expected one text, not a list"),
        (
            format!("{ntfy}token = \"hunter2\"\nusername = \"me\""),
            "token: username or password is there too",
        ),
        (
            format!("{ntfy}password = \"hunter2\""),
            "username: is missing: add a line such as username = \"me\"",
        ),
        (format!("{ntfy}username = \"me\""), "password_file: is missing"),
        (format!("{ntfy}token = \"hunter2\\u0007\""), "token: must not contain control characters"),
        (
            format!("{ntfy}priority = 9"),
            "priority: expected a number from 1 (lowest) to 5 (highest)",
        ),
        (
            "[channels.me]\nkind = \"ntfy\"\nurl = \"https://ntfy.sh\"".into(),
            "url: expected the URL of a topic",
        ),
        (
            format!("{mail}url = \"https://mail\""),
            "url: expected a URL such as smtps://mail.example.org or smtp://",
        ),
        (format!("{mail}url = \"smtp://me:hunter2@mail\""), "url: must not contain a log-in"),
        (
            format!("{mail}url = \"smtps://mail\"\ntls = \"none\""),
            "tls: must be \"tls\" with smtps://",
        ),
        (
            format!("{mail}url = \"smtp://mail\"\ntls = \"ssl\""),
            "tls: expected \"tls\", \"starttls\" or \"none\", got \"ssl\"",
        ),
        (
            format!(
                "{mail}url = \"smtp://mail\"\ntls = \"none\"\nusername = \"me\"\npassword = \"hunter2\""
            ),
            "tls: \"none\" would send the password readable to everybody",
        ),
        (
            format!("{mail}url = \"smtp://mail\"\nca_file = \"none.pem\""),
            "ca_file: cannot read DIRECTORY/none.pem: No such file",
        ),
        (
            format!("{mail}url = \"smtp://mail\"").replace("b@", "b at "),
            "to: expected an address such as me@example.org or Me <me@example.org>, got \"b at example.org\"",
        ),
        (format!("{mail}url = \"smtp://mail\"").replace("to = ", "two = "), "to: is missing"),
    ] {
        let error = error_of(&text);
        let expected = format!(": channel me, key {expected}");
        assert!(error.starts_with(&expected), "{error}\n{expected}");
    }
}

#[test]
fn secrets_may_come_from_files_beside_the_file_of_channels() {
    let receiver = Receiver::new();
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("secrets")).unwrap();
    for (name, text) in
        [("url", format!("{}/hooks/hunter2\n", receiver.url)), ("key", format!("{KEY}\r\n"))]
    {
        let path = directory.path().join("secrets").join(name);
        std::fs::write(&path, text).unwrap();
        // As Kubernetes mounts them.
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    }
    let text =
        webhook("url_file = \"secrets/url\"\nsecret_file = [\"secrets/key\", \"secrets/key\"]");
    let path = write(directory.path(), &text);
    std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let channels = Channels::read(&path).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(channels.get("me").unwrap().send(&stay(), now())).unwrap();
    let request = receiver.request();
    assert_eq!(request.path, "/hooks/hunter2");
    let signatures: Vec<&str> = request.header("webhook-signature").unwrap().split(' ').collect();
    assert_eq!((signatures.len(), signatures[0]), (2, signatures[1]));
}

#[test]
fn secrets_in_a_file_that_everybody_may_read_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let read = |text: &str, mode| {
        let path = write(directory.path(), text);
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        Channels::read(&path)
    };
    let secret = webhook(&format!("{URL}\nsecret = \"{KEY}\""));
    let in_url = webhook("url = \"https://me:hunter2@example.org/\"");
    for (text, key) in [(secret, "secret"), (in_url, "url")] {
        let error = read(&text, 0o644).unwrap_err().to_string();
        assert!(
            error.contains(&format!("channel me, key {key}: every user of this machine may")),
            "{error}"
        );
        assert!(error.contains("chmod o-r") && error.contains(&format!("{key}_file")), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
        for mode in [0o600, 0o640] {
            assert!(read(&text, mode).is_ok());
        }
    }
    assert!(read(&webhook(URL), 0o644).is_ok());
}
