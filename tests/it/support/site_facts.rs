//! Methods of the trait `BookingSource` that only a registry calls.

/// Implements these methods for a site that a test creates itself and passes to the pipeline without a registry.
#[macro_export]
macro_rules! methods_of_an_unregistered_site {
    () => {
        fn organization() -> hut_availability::domain::organization::Organization {
            unreachable!("this site is in no registry")
        }

        fn base_url() -> &'static str {
            unreachable!("this site is in no registry")
        }

        fn new(_: hut_availability::sites::client::SiteClient) -> Self {
            unreachable!("this site is in no registry")
        }
    };
}
