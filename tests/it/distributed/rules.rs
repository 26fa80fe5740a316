//! What Citus refuses in a statement, or answers by reading the rows of all huts. Found by the text of the statement,
//! so that it is tested without Citus. docs/scaling.md says what was tried on it.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, FromTable, Join, JoinConstraint, JoinOperator, ObjectName, Query, Select, Statement,
    TableFactor, TableWithJoins, Visit, Visitor, visit_expressions, visit_relations,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// The distributed tables that have many rows of a hut, and the views on them.
const MANY_ROWS: [&str; 4] =
    ["availability", "availability_change", "hut_availability", "hut_availability_history"];

/// The one that has one row.
const ONE_ROW: &str = "hut_check";

const VOLATILE: [&str; 2] = ["clock_timestamp", "random"];

/// What is wrong with a statement; nothing if Citus runs it well.
pub fn problems(statement: &str) -> Vec<String> {
    let names = |table: &str| statement.contains(table);
    if !MANY_ROWS.iter().chain([&ONE_ROW]).any(|table| names(table))
        || ["COPY ", "INSERT "].iter().any(|verb| statement.starts_with(verb))
    {
        return Vec::new();
    }
    let parsed = Parser::parse_sql(&PostgreSqlDialect {}, statement);
    let parsed = parsed.unwrap_or_else(|error| panic!("{error}: {statement}"));
    let mut rules = Rules::default();
    let _ = parsed.visit(&mut rules);
    rules.problems
}

#[derive(Default)]
struct Rules {
    problems: Vec<String>,
    /// How many queries surround an expression; 0 in the conditions of an UPDATE.
    depth: usize,
    writes_distributed: bool,
}

impl Visitor for Rules {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        let target = match statement {
            Statement::Update(update) => Some(&update.table),
            Statement::Delete(delete) => match &delete.from {
                FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables) => {
                    tables.first()
                }
            },
            _ => None,
        };
        self.writes_distributed = target.is_some_and(is_distributed);
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        let mut from = From::default();
        let tables: Vec<Table> =
            select.from.iter().flat_map(|tables| from.tables_of(tables)).collect();
        self.problems.append(&mut from.problems);
        for query in select.projection.iter().flat_map(subqueries) {
            if is_distributed(&query) && names_any(&query, &tables) && !is_linked(&query, &tables) {
                let problem = "a subquery in the select list does not belong to the hut of a distributed table";
                self.problems.push(problem.into());
            }
        }
        from.conditions.extend(select.selection.clone());
        let linked = linked_by_hut(&from.conditions);
        let distributed: Vec<&Table> = tables.iter().filter(|table| table.is_distributed).collect();
        if let [first, others @ ..] = &distributed[..]
            && !others.is_empty()
        {
            let reached = reached(&first.name, &linked);
            for other in others.iter().filter(|other| !reached.contains(&other.name)) {
                self.problems.push(format!(
                    "{} and {} are not joined by the hut_id of both",
                    first.name, other.name
                ));
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr
            && self.depth == 0
            && self.writes_distributed
            && VOLATILE.contains(&function.name.to_string().as_str())
        {
            self.problems.push(format!("{} in a write to a distributed table", function.name));
        }
        ControlFlow::Continue(())
    }
}

/// A table of a FROM clause, by its alias if it has one.
struct Table {
    name: String,
    is_distributed: bool,
    has_many_rows: bool,
}

#[derive(Default)]
struct From {
    conditions: Vec<Expr>,
    problems: Vec<String>,
}

impl From {
    fn tables_of(&mut self, tables: &TableWithJoins) -> Vec<Table> {
        let mut left = self.table(&tables.relation);
        for Join { relation, join_operator, .. } in &tables.joins {
            let right = self.table(relation);
            let (is_outer, constraint) = match join_operator {
                JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => {
                    (true, Some(constraint))
                }
                JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => {
                    (false, Some(constraint))
                }
                JoinOperator::CrossJoin(_) => (false, None),
                other => panic!("say how Citus runs {other:?}"),
            };
            if let Some(JoinConstraint::On(condition)) = constraint {
                self.conditions.push(condition.clone());
            }
            let is_whole = !left.iter().any(|table| table.is_distributed);
            for table in right.iter().filter(|table| is_outer && is_whole && table.has_many_rows) {
                self.problems.push(format!(
                    "{} is outer-joined to whole tables, so the rows of all huts are read",
                    table.name
                ));
            }
            left.extend(right);
        }
        left
    }

    fn table(&mut self, factor: &TableFactor) -> Vec<Table> {
        match factor {
            TableFactor::NestedJoin { table_with_joins, .. } => self.tables_of(table_with_joins),
            TableFactor::Table { name, alias, .. } => {
                let table = last(name);
                let has_many_rows = MANY_ROWS.contains(&table.as_str());
                let is_distributed = has_many_rows || table == ONE_ROW;
                let name = alias.as_ref().map_or(table, |alias| alias.name.value.clone());
                vec![Table { name, is_distributed, has_many_rows }]
            }
            TableFactor::Derived { subquery, alias, .. } => vec![Table {
                name: alias.as_ref().map(|alias| alias.name.value.clone()).unwrap_or_default(),
                is_distributed: is_distributed(subquery),
                // A subquery runs on the shards by itself.
                has_many_rows: false,
            }],
            _ => Vec::new(),
        }
    }
}

fn last(name: &ObjectName) -> String {
    let part = name.0.last().and_then(|part| part.as_ident());
    part.map(|part| part.value.clone()).unwrap_or_default()
}

/// Whether a part of a statement names a distributed table.
fn is_distributed(part: &impl Visit) -> bool {
    let found = visit_relations(part, |name| {
        let name = last(name);
        match MANY_ROWS.contains(&name.as_str()) || name == ONE_ROW {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    found.is_break()
}

fn subqueries(part: &impl Visit) -> Vec<Query> {
    let mut found = Vec::new();
    let _: ControlFlow<()> = visit_expressions(part, |expr| {
        match expr {
            Expr::Subquery(query) => found.push((**query).clone()),
            Expr::Exists { subquery, .. } => found.push((**subquery).clone()),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    found
}

/// Whether a subquery uses a column of a table of the query around it.
fn names_any(query: &Query, tables: &[Table]) -> bool {
    let found = visit_expressions(query, |expr| match expr {
        Expr::CompoundIdentifier(parts)
            if tables.iter().any(|table| table.name == parts[0].value) =>
        {
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    found.is_break()
}

/// Whether a subquery is about the hut of a distributed table of the query around it.
fn is_linked(query: &Query, tables: &[Table]) -> bool {
    let is_outer =
        |name: &str| tables.iter().any(|table| table.is_distributed && table.name == name);
    linked_by_hut(query).iter().any(|(one, other)| is_outer(one) || is_outer(other))
}

/// The pairs of tables that an equation of their `hut_id` joins.
fn linked_by_hut(conditions: &impl Visit) -> Vec<(String, String)> {
    let mut linked = Vec::new();
    let _: ControlFlow<()> = visit_expressions(conditions, |expr| {
        if let Expr::BinaryOp { left, op: sqlparser::ast::BinaryOperator::Eq, right } = expr
            && let (Some(left), Some(right)) = (table_of_hut_id(left), table_of_hut_id(right))
        {
            linked.push((left, right));
        }
        ControlFlow::Continue(())
    });
    linked
}

fn table_of_hut_id(expr: &Expr) -> Option<String> {
    match expr {
        Expr::CompoundIdentifier(parts) => match &parts[..] {
            [.., table, column] if column.value == "hut_id" => Some(table.value.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn reached(first: &str, linked: &[(String, String)]) -> BTreeSet<String> {
    let mut reached = BTreeSet::from([first.to_owned()]);
    loop {
        let next = linked.iter().find_map(|(one, other)| {
            match (reached.contains(one), reached.contains(other)) {
                (true, false) => Some(other.clone()),
                (false, true) => Some(one.clone()),
                _ => None,
            }
        });
        match next {
            Some(table) => reached.insert(table),
            None => return reached,
        };
    }
}

#[test]
fn statements_that_citus_refused_are_found() {
    let found = |statement: &str| problems(statement).len();
    // The due huts, the map, a guarded check and a hut's page as they were before.
    let due =
        "SELECT hut.id, (SELECT max(free) FROM availability WHERE availability.hut_id = hut.id)
        FROM hut LEFT OUTER JOIN hut_check ON hut_check.hut_id = hut.id";
    let map = "SELECT hut.slug FROM ((hut INNER JOIN availability ON availability.hut_id = hut.id)
        INNER JOIN hut_check ON hut_check.hut_id = hut.id)";
    let check =
        "UPDATE hut_check SET last_checked = $1 WHERE hut_id = $2 AND $1 <= clock_timestamp()";
    let page =
        "SELECT hut.slug FROM hut LEFT OUTER JOIN availability ON availability.hut_id = hut.id";
    assert_eq!([due, map, check, page].map(found), [1, 1, 1, 1]);
    let mended = [
        "SELECT hut.id FROM hut LEFT JOIN (SELECT hut_id, (SELECT max(free) FROM availability WHERE
            availability.hut_id = hut_check.hut_id) FROM hut_check) AS last ON last.hut_id = hut.id",
        "SELECT hut.slug FROM ((hut INNER JOIN availability ON availability.hut_id = hut.id)
            INNER JOIN hut_check ON hut_check.hut_id = availability.hut_id)",
        "UPDATE hut_check SET last_checked = $1 WHERE hut_id = $2
            AND EXISTS (SELECT 1 FROM lease WHERE $1 <= clock_timestamp())",
        "SELECT hut.slug FROM (hut INNER JOIN hut_check ON hut_check.hut_id = hut.id)
            LEFT OUTER JOIN availability ON availability.hut_id = hut_check.hut_id",
    ];
    assert_eq!(mended.map(found), [0; 4]);
}
