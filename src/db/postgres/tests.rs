use super::parameters::{DEFAULTS, with_defaults, with_settings};
use super::*;

#[test]
fn a_url_is_unambiguous_if_it_can_be_split_in_one_way_only() {
    for plain in [
        "postgres://host/huts",
        "postgres:///huts?host=/run/postgresql",
        "postgresql://me:p%40ss%2Fw%3f@host:5433/huts?sslmode=require&connect_timeout=2",
        "postgres://me:a!$&'()*+,;=b@a:1,b:2,[::1]:3,[::1]/huts_1-x",
        "postgres://",
    ] {
        assert!(is_unambiguous(plain), "{plain}");
    }
    for ambiguous in [
        "postgres://me:p@ss@host/huts",
        "postgres://me:p/ss@host/huts",
        "postgres://me:p?ss@host/huts",
        "postgres://me:p#ss@host/huts",
        "postgres://me:100%sure@host/huts",
        "postgres://me:50%@host/huts",
        "postgres://me:hunter2/huts",
        "postgres://host/huts?password=a&b",
        "postgres://host/huts?password=a=b",
        "postgres://host/huts?password=%zz",
        "postgres://host/huts?password=a@b",
        "postgres://me:pä@host/huts",
        "host=db password=hunter2",
    ] {
        assert!(!is_unambiguous(ambiguous), "{ambiguous}");
    }
}

#[test]
fn parameters_of_the_url_override_the_defaults() {
    let with_defaults = |url| with_defaults(url, "me");
    let plain = with_defaults("postgres://me@db/huts");
    assert_eq!(plain, format!("postgres://me@db/huts?{DEFAULTS}me"));
    let own = with_defaults("postgres://me:a?b@db:5433/huts?connect_timeout=2&sslmode=require");
    assert_eq!(
        own,
        format!("postgres://me:a?b@db:5433/huts?{DEFAULTS}me&connect_timeout=2&sslmode=require")
    );
    let socket = with_defaults("postgres:///huts?host=/run/postgresql");
    assert!(socket.ends_with("&host=/run/postgresql"), "{socket}");
    assert_eq!(socket.matches('?').count(), 1, "{socket}");
}

#[test]
fn settings_of_the_user_come_after_ours() {
    let settings = [("jit", "off"), ("lock_timeout", "10s")];
    let ours = "%2Dc%20jit%3Doff%20%2Dc%20lock%5Ftimeout%3D10s%20";
    let plain = with_settings("postgres://db/huts?a=1", &settings, None);
    assert_eq!(plain, format!("postgres://db/huts?a=1&options={ours}"));
    let given = "postgres://db/huts?options=-csearch_path%3Da&b=2";
    let given = with_settings(given, &settings, Some("-c jit=on".into()));
    assert!(given.ends_with(&format!("&options={ours}-csearch_path%3Da")), "{given}");
    let environment = with_settings("postgres://db/huts?a=1", &settings, Some("-c jit=on".into()));
    assert!(environment.ends_with(&format!("{ours}%2Dc%20jit%3Don")), "{environment}");
    assert!(is_unambiguous(&environment), "{environment}");
}

#[test]
fn a_pooler_is_found_by_the_error_that_it_causes() {
    let url: DatabaseUrl = "postgres://found.example/huts".parse().unwrap();
    let error = "ERROR: prepared statement \"__diesel_stmt_1\" already exists";
    assert!(!is_pooler_found_by("ERROR: no such table", &url));
    assert!(is_pooler_found_by(error, &url) && is_pooled(&url));
    assert!(!is_pooler_found_by(error, &url), "it is known already");
    assert!(explained(&anyhow::anyhow!(error)).contains("add pool_mode=transaction"));
    assert_eq!(explained(&anyhow::anyhow!("no such table")), "no such table");
    let session: DatabaseUrl = "postgres://found.example/huts?pool_mode=session".parse().unwrap();
    assert!(!is_pooled(&session));
}
