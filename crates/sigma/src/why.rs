//! Why an event fires a rule, or does not: search by search, field by field.

use crate::collection::{Collection, View};
use crate::expression::{Expression, Item};
use crate::rule::Rule;

/// Characters of a value that are shown.
const SHOWN: usize = 120;

/// One line for each search of a rule, and under those that do not hold the fields that would have made them hold.
pub fn why(collection: &Collection, rule: &Rule, source: model::LogSource, view: &View) -> Vec<String> {
    let mut all = Vec::new();
    let fires = rule.expression.holds(view);
    let log = [&rule.source.category, &rule.source.product, &rule.source.service];
    let log: Vec<&str> = log.into_iter().map(String::as_str).filter(|w| !w.is_empty()).collect();
    let own: Vec<&str> =
        [source.category, source.product, source.service].into_iter().filter(|w| !w.is_empty()).collect();
    let heard = !collection.bucket(source).is_empty() && collection.is_heard(rule, source);
    if !heard {
        all.push(format!("the rule is for {}, and the event is of {}", log.join("/"), own.join("/")));
    }
    all.push(match (heard, fires) {
        (true, true) => "it fires".into(),
        (false, true) => "it would fire, were it for this log".into(),
        (_, false) => "it does not fire".into(),
    });
    explain(&rule.expression, view, false, &mut Vec::new(), &mut all);
    all
}

fn explain(expression: &Expression, view: &View, negated: bool, seen: &mut Vec<String>, all: &mut Vec<String>) {
    match expression {
        Expression::Named(name, inner) => {
            if seen.iter().any(|s| **s == **name) {
                return;
            }
            seen.push(name.to_string());
            let holds = inner.holds(view);
            let kind = if negated { "must not hold" } else { "must hold" };
            all.push(format!("`{name}` ({kind}): {}", if holds { "holds" } else { "does not hold" }));
            // Of a search that decides against firing, all fields; else nothing more need be said.
            if holds == negated || !holds {
                items(inner, view, all, 1);
            }
        }
        Expression::And(parts) | Expression::Or(parts) => {
            parts.iter().for_each(|p| explain(p, view, negated, seen, all));
        }
        Expression::Not(inner) => explain(inner, view, !negated, seen, all),
        Expression::Item(item) => tell(item, view, all, 1),
    }
}

fn items(expression: &Expression, view: &View, all: &mut Vec<String>, level: usize) {
    match expression {
        Expression::Item(item) => tell(item, view, all, level),
        Expression::And(parts) => parts.iter().for_each(|p| items(p, view, all, level)),
        Expression::Or(parts) => {
            all.push(format!("{}one of:", "  ".repeat(level)));
            parts.iter().for_each(|p| items(p, view, all, level + 1));
        }
        Expression::Not(inner) => {
            all.push(format!("{}not:", "  ".repeat(level)));
            items(inner, view, all, level + 1);
        }
        Expression::Named(_, inner) => items(inner, view, all, level),
    }
}

fn tell(item: &Item, view: &View, all: &mut Vec<String>, level: usize) {
    let holds = if item.holds(view) { "yes" } else { "no " };
    let clip = |text: &str| match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_string(),
    };
    let own = match item.field {
        None => "the event as a whole".to_string(),
        Some(field) => {
            let values: Vec<String> = view.values(field).take(4).map(|(v, _)| format!("`{}`", clip(v))).collect();
            if values.is_empty() {
                "the event has no such field".into()
            } else {
                format!("the event has {}", values.join(", "))
            }
        }
    };
    all.push(format!("{}{holds} {}; {own}", "  ".repeat(level), item.written));
}
