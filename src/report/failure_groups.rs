//! Failures by site and kind, so that a site that is down has two lines in the log, and not one for each hut. Pure.

use crate::domain::failure::{ErrorKind, Failure};

/// The most names that the line of a group lists.
const MAX_NAMED: usize = 3;

/// The failures of a run.
#[derive(Debug, Default)]
pub struct FailureGroups(Vec<Group>);

#[derive(Debug)]
struct Group {
    organization: String,
    kind: ErrorKind,
    /// The message of the first failure.
    first: Failure,
    /// The first huts or steps that failed.
    names: Vec<String>,
    count: usize,
}

impl FailureGroups {
    /// Adds a failure, and returns whether it is the first of its site and kind.
    pub fn add(&mut self, organization: &str, name: &str, failure: &Failure) -> bool {
        let is_same =
            |group: &&mut Group| group.organization == organization && group.kind == failure.kind;
        if let Some(group) = self.0.iter_mut().find(is_same) {
            group.count += 1;
            if group.names.len() < MAX_NAMED {
                group.names.push(name.to_owned());
            }
            return false;
        }
        self.0.push(Group {
            organization: organization.to_owned(),
            kind: failure.kind,
            first: failure.clone(),
            names: vec![name.to_owned()],
            count: 1,
        });
        true
    }

    /// A line for each group of more than one failure: `hrs: 40 huts not checked: timeout: … (first: a, b, c)`.
    pub fn lines(&self, what: impl Fn(usize) -> String) -> Vec<String> {
        let line = |Group { organization, first, names, count, .. }: &Group| {
            format!("{organization}: {}: {first} (first: {})", what(*count), names.join(", "))
        };
        self.0.iter().filter(|group| group.count > 1).map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_one_site_and_kind_have_one_line() {
        let mut groups = FailureGroups::default();
        let refused = |port: u16| Failure::new(ErrorKind::Connect, &format!("port {port} refused"));
        let timeout = Failure::new(ErrorKind::Timeout, "no answer");
        assert!(groups.add("hrs", "a", &refused(1)));
        assert!(!groups.add("hrs", "b", &refused(2)));
        assert!(groups.add("hrs", "c", &timeout), "another kind");
        assert!(groups.add("ffcam", "d", &timeout), "another site");
        for name in ["e", "f"] {
            assert!(!groups.add("hrs", name, &refused(3)));
        }
        assert_eq!(
            groups.lines(|count| format!("{count} huts not checked")),
            ["hrs: 4 huts not checked: connect: port 1 refused (first: a, b, e)"]
        );
    }
}
