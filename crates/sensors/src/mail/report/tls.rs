//! TLS-RPT (RFC 8460): how many sessions to our mail servers were secure, and why others were not.

use super::{ROWS, Rows};
use crate::mail::observe::text;
use model::{Address, Entity, Role, Time};
use rows::mail::report::{Key, Report as Row, Sessions, Sort};
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Report {
    organization_name: String,
    date_range: Range,
    contact_info: Option<String>,
    report_id: String,
    policies: Vec<Policies>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Range {
    start_datetime: String,
    end_datetime: String,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Policies {
    policy: Policy,
    summary: Summary,
    failure_details: Vec<Failure>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Policy {
    policy_type: String,
    policy_domain: String,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Summary {
    total_successful_session_count: u64,
    total_failure_session_count: u64,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Failure {
    result_type: String,
    sending_mta_ip: String,
    receiving_mx_hostname: String,
    receiving_ip: String,
    failed_session_count: u64,
    failure_reason_code: String,
}

/// Reads a report.
pub fn read(json_text: &str, all: &mut Rows) {
    let Ok(report) = serde_json::from_str::<Report>(json_text) else { return all.skip("damaged TLS report") };
    let time = |t: &str| t.parse::<Time>().unwrap_or_default();
    let (first, last) = (time(&report.date_range.start_datetime), time(&report.date_range.end_datetime));
    let mut add = |sessions: Sessions, count: u64| {
        if all.rows.len() >= ROWS {
            return;
        }
        let row = Sessions {
            org_name: text(&report.organization_name),
            contact_info: report.contact_info.as_deref().map(text),
            report_id: text(&report.report_id),
            ..sessions
        };
        let mut entities = vec![Entity::domain(&row.policy_domain, Role::Victim)];
        let sender = Address::parse(row.sending_mta_ip.as_bytes());
        entities.extend(sender.map(|a| Entity::address(a, Role::Sender)));
        let (domain, source) = (row.policy_domain.to_lowercase(), row.sending_mta_ip.clone());
        all.row(Key { sort: Sort::Tls, domain, source }, (first, last.max(first)), count, entities, Row::Tls(row));
    };
    for of in &report.policies {
        let policy = Sessions {
            policy_type: text(&of.policy.policy_type),
            policy_domain: text(&of.policy.policy_domain),
            ..Sessions::default()
        };
        let (good, bad) = (of.summary.total_successful_session_count, of.summary.total_failure_session_count);
        add(Sessions { successful: Some(good), failed: bad, ..policy.clone() }, good.saturating_add(bad));
        for failure in &of.failure_details {
            let row = Sessions {
                result_type: text(&failure.result_type),
                sending_mta_ip: text(&failure.sending_mta_ip),
                receiving_ip: text(&failure.receiving_ip),
                receiving_mx_hostname: text(&failure.receiving_mx_hostname),
                failure_reason_code: text(&failure.failure_reason_code),
                failed: failure.failed_session_count,
                ..policy.clone()
            };
            add(row, failure.failed_session_count);
        }
    }
}
