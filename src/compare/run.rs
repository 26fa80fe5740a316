//! Asks both services the same questions, one after the other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use anyhow::{Context, anyhow};
use chrono::NaiveDate;
use reqwest::Url;
use serde_json::Value;

use super::answers::{Answer, Compared, compare, known_huts};
use super::client::{Asker, NoAnswer};
use super::difference::{Collector, Difference, Kind};
use super::question::{Area, Question, Suspects, further_questions};
use super::reason::Reason;
use super::summary::{Comparison, Requests, groups};

/// What to compare.
#[derive(Clone, Debug)]
pub struct Config {
    pub ours: Url,
    pub theirs: Url,
    /// The first date that is asked for.
    pub start: NaiveDate,
    /// The most requests to each service.
    pub budget: u32,
    pub seed: u64,
    /// The time between the starts of two requests to them.
    pub interval: Duration,
}

/// The comparison while it goes on.
struct Session {
    config: Config,
    ours: Asker,
    theirs: Asker,
    differences: Vec<Difference>,
    checked_since: BTreeSet<(String, String)>,
    questions: BTreeMap<Area, usize>,
}

/// Compares the two services. `progress` hears of each question: how many are asked, and how many there are.
///
/// # Errors
/// One of the services gives no map, so that nothing can be compared.
pub async fn run(
    config: Config,
    mut progress: impl FnMut(usize, usize),
) -> anyhow::Result<Comparison> {
    let mut session = Session {
        ours: Asker::new(config.ours.clone(), Duration::ZERO, u32::MAX)?,
        theirs: Asker::new(config.theirs.clone(), config.interval, config.budget)?,
        differences: Vec::new(),
        checked_since: BTreeSet::new(),
        questions: BTreeMap::new(),
        config,
    };
    let (our_map, their_map) = session.maps().await?;
    let version = session.ask(&Question::Version).await;
    // The version of April 2026 ignores a rectangle.
    let has_bbox = matches!(&version, Ok((_, Some(theirs))) if theirs["api"].is_object());
    let known = known_huts(&our_map, &their_map);
    let (start, seed) = (session.config.start, session.config.seed);
    let questions = further_questions(start, &known, &session.suspects(), has_bbox, seed);
    let budget = usize::try_from(session.config.budget).unwrap_or(usize::MAX);
    let all = questions.len().min(budget.saturating_sub(2));
    let mut questions: VecDeque<Question> = questions.into();
    let (mut asked, mut last) = (0, version);
    while last.is_ok()
        && session.theirs.has_budget()
        && let Some(question) = questions.pop_front()
    {
        progress(asked, all);
        last = session.ask(&question).await;
        asked += usize::from(last.is_ok());
    }
    progress(asked, all);
    let stopped = match last {
        // The budget is how long a comparison is meant to be.
        Ok(_) | Err(NoAnswer::Budget) => None,
        Err(error) => Some(error.to_string()),
    };
    Ok(session.finish(stopped))
}

impl Session {
    /// Compares the maps, without which nothing else can be asked.
    async fn maps(&mut self) -> anyhow::Result<(Value, Value)> {
        let question = Question::Map(self.config.start);
        let path = question.path();
        let answers = tokio::join!(self.ours.ask(&path), self.theirs.ask(&path));
        let map = |answer: Result<Answer, NoAnswer>, base: &Url| {
            let answer = answer.map_err(|error| anyhow!("{error}"));
            let answer = answer.and_then(|answer| match answer.status {
                200 => Ok(answer),
                status => Err(anyhow!("status {status}")),
            });
            answer.with_context(|| format!("nothing was compared: no map from {base}"))
        };
        let ours = map(answers.0, &self.config.ours)?;
        let theirs = map(answers.1, &self.config.theirs)?;
        self.compare(&question, &ours, &theirs);
        Ok((ours.body, theirs.body))
    }

    /// Asks both services, and compares their answers. Returns the bodies of answers with status 200.
    ///
    /// # Errors
    /// No further question may be asked.
    async fn ask(
        &mut self,
        question: &Question,
    ) -> Result<(Option<Value>, Option<Value>), NoAnswer> {
        let path = question.path();
        let answers = tokio::join!(self.ours.ask(&path), self.theirs.ask(&path));
        match answers {
            (Ok(ours), Ok(theirs)) => {
                self.compare(question, &ours, &theirs);
                let body = |answer: Answer| (answer.status == 200).then_some(answer.body);
                Ok((body(ours), body(theirs)))
            }
            (_, Err(error @ (NoAnswer::Budget | NoAnswer::RateLimited(_))))
            | (Err(error @ (NoAnswer::Budget | NoAnswer::RateLimited(_))), _) => Err(error),
            (ours, theirs) => {
                let text = |answer: Result<Answer, NoAnswer>| -> Value {
                    match answer {
                        Ok(answer) => format!("status {}", answer.status).into(),
                        Err(error) => error.to_string().into(),
                    }
                };
                let (ours, theirs) = (text(ours), text(theirs));
                let mut collector = Collector::new(question);
                collector.add(Kind::NoAnswer, "", (Some(&ours), Some(&theirs)), None);
                self.differences.extend(collector.into_found());
                Ok((None, None))
            }
        }
    }

    fn compare(&mut self, question: &Question, ours: &Answer, theirs: &Answer) {
        let Compared { differences, checked_since } = compare(question, ours, theirs);
        self.differences.extend(differences);
        self.checked_since.extend(checked_since);
        *self.questions.entry(question.area()).or_default() += 1;
    }

    /// The huts that differ on the map.
    fn suspects(&self) -> Suspects {
        let mut suspects = Suspects::new();
        let is_suspect = |it: &&Difference| it.reason.is_none() && !it.hut.is_empty();
        for difference in self.differences.iter().filter(is_suspect) {
            let nights = suspects.entry(difference.hut.clone()).or_default();
            nights.extend(difference.night.parse::<NaiveDate>().ok());
        }
        suspects
    }

    fn finish(mut self, stopped: Option<String>) -> Comparison {
        // The map does not say when a night changed, but its trend does.
        for difference in &mut self.differences {
            let is_value = difference.kind == Kind::Value && difference.reason.is_none();
            let night = (difference.hut.clone(), difference.night.clone());
            if is_value && self.checked_since.contains(&night) {
                difference.reason = Some(Reason::CheckedSince);
            }
        }
        let (differences, expected) = groups(self.differences);
        Comparison {
            ours: self.config.ours.to_string(),
            theirs: self.config.theirs.to_string(),
            seed: self.config.seed,
            requests: Requests {
                budget: self.config.budget,
                ours: self.ours.sent(),
                theirs: self.theirs.sent(),
            },
            questions: self.questions,
            differences,
            expected,
            stopped,
        }
    }
}
