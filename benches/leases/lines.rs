//! The connections of the workers. Each runs one transaction after another, statement by statement.

use super::database::{Connection, Job, Lock, STATEMENT};
use super::worker::Running;
use super::world::{Event, World};

impl World {
    /// Queues a transaction on a connection.
    pub fn ask(&mut self, connection: Connection, job: Job) {
        self.workers[connection / 2].line(connection).queue.push_back(job);
        self.begin_next(connection);
    }

    fn begin_next(&mut self, connection: Connection) {
        let this = &mut self.workers[connection / 2];
        let in_hand_now: Vec<i32> = this.in_hand.iter().copied().collect();
        let line = this.line(connection);
        if line.running.is_none()
            && let Some(mut job) = line.queue.pop_front()
        {
            if let Job::Claim { in_hand, .. } | Job::Renew { in_hand, .. } = &mut job {
                *in_hand = in_hand_now;
            }
            line.running = Some(Running { job, step: 0 });
            self.begin_statement(connection);
        }
        self.workers[connection / 2].note_idle(self.now);
    }

    fn begin_statement(&mut self, connection: Connection) {
        let line = self.workers[connection / 2].line(connection);
        let Some(Running { job, step }) = &mut line.running else { return };
        if self.database.lock(job, *step, connection, self.now) == Lock::Granted {
            self.database.waiting.push_back(connection);
            self.work();
        }
    }

    /// Starts waiting statements on idle cores.
    fn work(&mut self) {
        while self.database.idle_cores > 0
            && let Some(connection) = self.database.waiting.pop_front()
        {
            self.database.idle_cores -= 1;
            self.at(self.now + STATEMENT, Event::StatementEnds(connection));
        }
    }

    pub fn statement_ends(&mut self, connection: Connection) {
        self.database.idle_cores += 1;
        self.database.worked += STATEMENT;
        let now = self.now;
        let this = &mut self.workers[connection / 2];
        if let Some(mut running) = this.line(connection).running.take() {
            let statements = match &running.job {
                Job::Claim { .. } | Job::Renew { .. } => &mut self.figures.claiming,
                Job::Take { .. } => &mut self.figures.taking,
                Job::Store { .. } => &mut self.figures.storing,
            };
            *statements += 1;
            self.database.execute(&mut running.job, running.step, connection, now);
            running.step += 1;
            if running.step < running.job.statements() {
                self.workers[connection / 2].line(connection).running = Some(running);
                self.begin_statement(connection);
            } else {
                self.end(connection, &running.job);
                self.ended(connection / 2, running.job);
                self.begin_next(connection);
            }
        }
        self.work();
    }

    /// Ends a transaction, and continues the one that waited for its lock.
    fn end(&mut self, connection: Connection, job: &Job) {
        if let Some(next) = self.database.end(job, connection) {
            let line = self.workers[next / 2].line(next);
            if let Some(Running { job: Job::Take { before, .. }, .. }) = &line.running {
                self.figures.waits += 1;
                self.figures.waited += (self.now - before) as f64;
            }
            self.database.waiting.push_back(next);
        }
    }

    /// Kills a worker. Its locks are released with its connections. Its lease stays until it expires.
    pub fn dies(&mut self, worker: usize) {
        if self.workers[worker].is_done() {
            return;
        }
        self.workers[worker].is_dead = true;
        self.workers[worker].ended = self.now;
        self.workers[worker].at_the_site = 0;
        for connection in [worker * 2, worker * 2 + 1] {
            let line = self.workers[worker].line(connection);
            line.queue.clear();
            let running = line.running.take();
            self.database.waiting.retain(|waiting| *waiting != connection);
            if let Some(running) = running {
                self.end(connection, &running.job);
            }
        }
        self.work();
    }
}
