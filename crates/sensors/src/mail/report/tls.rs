//! TLS-RPT (RFC 8460): how many sessions to our mail servers were secure, and why others were not.

use super::{ROWS, Rows};
use crate::mail::REPORT;
use crate::mail::observe::text;
use model::{Address, Entity, Fields, Observation, Role, SpanSet, Time};
use serde::Deserialize;
use serde_json::json;

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
    let mut row = |domain: &str, source: Option<&str>, count: u64, extra: serde_json::Value| {
        if all.rows.len() >= ROWS {
            return;
        }
        let mut fields = Fields::new();
        fields.insert("report".into(), "tls".into());
        fields.insert("org_name".into(), text(&report.organization_name).into());
        fields.extend(report.contact_info.as_deref().map(|c| ("contact_info".into(), text(c).into())));
        fields.insert("report_id".into(), text(&report.report_id).into());
        fields.insert("policy_domain".into(), text(domain).into());
        fields.extend(extra.as_object().cloned().into_iter().flatten().filter(|(_, v)| *v != ""));
        let mut entities = vec![Entity::domain(&text(domain), Role::Victim)];
        let sender = source.and_then(|ip| Address::parse(ip.as_bytes()));
        entities.extend(sender.map(|a| Entity::address(a, Role::Sender)));
        let key = format!("tls|{}|{}", text(domain).to_lowercase(), source.unwrap_or_default());
        let (kind, spans) = (REPORT.into(), SpanSet::new());
        all.rows.push(Observation { kind, key, first, last: last.max(first), count, entities, fields, spans });
    };
    for of in &report.policies {
        let Policy { policy_type, policy_domain } = &of.policy;
        let (good, bad) = (of.summary.total_successful_session_count, of.summary.total_failure_session_count);
        let summary = json!({ "policy_type": text(policy_type), "successful": good, "failed": bad });
        row(policy_domain, None, good.saturating_add(bad), summary);
        for failure in &of.failure_details {
            let extra = json!({
                "policy_type": text(policy_type), "result_type": text(&failure.result_type),
                "sending_mta_ip": text(&failure.sending_mta_ip), "receiving_ip": text(&failure.receiving_ip),
                "receiving_mx_hostname": text(&failure.receiving_mx_hostname),
                "failure_reason_code": text(&failure.failure_reason_code), "failed": failure.failed_session_count,
            });
            row(policy_domain, Some(&text(&failure.sending_mta_ip)), failure.failed_session_count, extra);
        }
    }
}
