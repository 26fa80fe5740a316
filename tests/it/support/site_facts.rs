//! What a site of a test says of itself where no registry makes it.

/// The facts of a site that a test makes by hand, and hands to the pipeline itself.
#[macro_export]
macro_rules! facts_of_a_site_made_by_hand {
    () => {
        fn organization() -> hut_availability::domain::organization::Organization {
            unreachable!("no registry holds this site")
        }

        fn base_url() -> &'static str {
            unreachable!("no registry holds this site")
        }

        fn new(_: hut_availability::sites::client::SiteClient) -> Self {
            unreachable!("no registry holds this site")
        }
    };
}
