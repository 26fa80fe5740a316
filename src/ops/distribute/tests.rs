use super::*;

const KEY: &str = "availability_change_hut_id_availability_date_fkey";

fn stored(whole: Layout, by_hut: Layout, has_reference: bool) -> Stored {
    let whole = WHOLE.map(|table| (table.to_owned(), whole));
    let by_hut = BY_HUT.map(|table| (table.to_owned(), by_hut));
    let definition = "FOREIGN KEY (a) REFERENCES availability(a)".to_owned();
    Stored {
        layouts: whole.into_iter().chain(by_hut).collect(),
        rows: BTreeMap::from([("availability".to_owned(), 365)]),
        reference: has_reference.then(|| Reference { name: KEY.to_owned(), definition }),
    }
}

fn sql(steps: &[Step]) -> Vec<&str> {
    steps.iter().map(|step| step.sql.as_str()).collect()
}

#[test]
fn the_reference_of_the_history_goes_before_and_comes_back_after() {
    let steps = distribute(&stored(Layout::Local, Layout::Local, true), 8).unwrap();
    let sql = sql(&steps);
    assert_eq!(sql[0], format!("ALTER TABLE availability_change DROP CONSTRAINT {KEY}"));
    let add = "FOREIGN KEY (a) REFERENCES availability(a)";
    let last = format!("ALTER TABLE availability_change ADD CONSTRAINT {KEY} {add}");
    assert_eq!(*sql.last().unwrap(), last);
    let at = |begin: &str| sql.iter().position(|sql| sql.starts_with(begin)).unwrap();
    assert!(at("SELECT create_reference_table('hut')") < at("SELECT setval("));
    assert!(
        at("SELECT create_reference_table('hut_source')") < at("SELECT create_distributed_table")
    );
    assert!(sql[at("SELECT create_distributed_table('hut_check'")].contains("shard_count => 8"));
    let rows = "availability: distributing over 8 shards (about 365 rows)";
    assert!(steps.iter().any(|step| step.what == rows), "{steps:?}");
}

#[test]
fn a_repetition_has_nothing_to_do_and_half_a_distribution_is_completed() {
    let by_hut = Layout::ByHut { shards: 8 };
    assert_eq!(distribute(&stored(Layout::Whole, by_hut, true), 8), Ok(Vec::new()));
    assert_eq!(undo(&stored(Layout::Local, Layout::Local, true)), Vec::new());
    // Somebody ran a part of the statements by hand.
    let half = distribute(&stored(Layout::Whole, by_hut, false), 8).unwrap();
    assert_eq!(half.len(), 1, "{half:?}");
    assert!(half[0].sql.contains("ADD CONSTRAINT"), "{half:?}");
    let whole = distribute(&stored(Layout::Whole, Layout::Local, true), 8).unwrap();
    assert!(!sql(&whole).iter().any(|sql| sql.contains("create_reference_table")), "{whole:?}");
    let back = undo(&stored(Layout::Whole, by_hut, false));
    let back: Vec<&str> =
        sql(&back).into_iter().filter(|sql| sql.contains("undistribute_table")).collect();
    assert_eq!(back.len(), 2, "without the reference, the history is a part of its own: {back:?}");
}

#[test]
fn another_distribution_is_refused() {
    let refusal = |stored: &Stored| distribute(stored, 8).unwrap_err().to_string();
    let shards = refusal(&stored(Layout::Whole, Layout::ByHut { shards: 4 }, true));
    assert!(shards.contains("has 4 shards, not 8") && shards.contains("--undo"), "{shards}");
    for other in
        [stored(Layout::Other, Layout::Local, true), stored(Layout::Whole, Layout::Whole, true)]
    {
        assert!(refusal(&other).contains("in another way"), "{}", refusal(&other));
    }
}
