//! Calendars and rules made into intervals: for each territory, rule and round the first second it holds and the first it
//! does not.

use jiff::civil::{Date, Time as Clock, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use knowledge::law::{Brought, Country, Effect, Election, Elections, Group, Kind, Rule, Rules, Status, Territory};
use model::{Error, Result, Text, Time};

/// Where something is published.
#[derive(Clone, Debug)]
pub struct Place {
    /// ISO 3166 code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Its zone.
    pub zone: TimeZone,
    /// Its standing in the Republic; none abroad.
    pub group: Option<Group>,
    /// Abroad: what is known of limits before a vote there.
    pub limits: Option<bool>,
    /// Abroad: from where that is known, and how well.
    pub source: Option<(String, Status)>,
    /// The key by which calendars know it.
    key: String,
    rules: Vec<String>,
    close: Option<Clock>,
}

/// A rule of one election in force somewhere.
#[derive(Clone, Debug)]
pub struct Interval<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// The election.
    pub election: &'a Election,
    /// The round, from 1; 0 where the rule is about all of them.
    pub round: usize,
    /// The first second.
    pub from: Time,
    /// The first second it holds no more.
    pub until: Time,
}

impl Interval<'_> {
    /// Whether the rule holds at this moment.
    #[must_use]
    pub fn holds(&self, at: Time) -> bool {
        self.from <= at && at < self.until
    }
}

/// Calendars and rules.
#[derive(Debug)]
pub struct Law {
    territories: Vec<Territory>,
    countries: Vec<Country>,
    elections: Vec<Election>,
    rules: Vec<Rule>,
    from: Time,
    until: Time,
    paris: TimeZone,
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|e| Error::new(format!("`{text}` is no day")).because(e).hint("write it as 2027-04-18"))
}

fn clock(text: &str) -> Result<Clock> {
    text.parse().map_err(|e| Error::new(format!("`{text}` is no time of day")).because(e).hint("write it as 20:00"))
}

fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|e| Error::new(format!("`{name}` is no time zone")).because(e))
}

/// The moment a clock shows this in a zone. Where a night skips it, the moment after the gap; where it comes twice, the first.
fn moment(date: Date, clock: Clock, zone: &TimeZone) -> Result<Time> {
    let zoned = date.to_datetime(clock).to_zoned(zone.clone());
    zoned.map(|z| z.timestamp().into()).map_err(|e| Error::new(format!("there is no {date} {clock}")).because(e))
}

fn midnight(date: Date, zone: &TimeZone) -> Result<Time> {
    moment(date, Clock::midnight(), zone)
}

fn before(date: Date, span: Span) -> Result<Date> {
    date.checked_sub(span).map_err(|e| Error::new(format!("there is no day so long before {date}")).because(e))
}

impl Law {
    /// What is part of the program.
    pub fn embedded() -> Result<Law> {
        Law::of(Elections::embedded(), Rules::embedded())
    }

    /// Of this data; refused where it makes no sense.
    pub fn of(data: Elections, rules: Rules) -> Result<Law> {
        let paris = zone("Europe/Paris")?;
        let law = Law {
            from: midnight(day(&data.from)?, &paris)?,
            until: midnight(day(&data.until)?, &paris)?,
            territories: data.territories,
            countries: data.countries,
            elections: data.elections,
            rules: rules.rules,
            paris,
        };
        law.check()?;
        Ok(law)
    }

    /// With the calendars a user brings, in the form of `elections.toml`.
    pub fn with(mut self, calendar: &str) -> Result<Law> {
        let brought: Brought = toml::from_str(calendar).map_err(|e: toml::de::Error| {
            Error::new("the calendar could not be understood").because(e).hint(
                "`[[election]]` as in `vigie knowledge`'s elections.toml: id, kind, name, close, own_close, rounds",
            )
        })?;
        self.elections.extend(brought.elections);
        self.check()?;
        for e in &self.elections {
            for round in e.rounds.iter().filter(|_| e.country.is_none()) {
                let day = day(&round.day)?;
                self.from = self.from.min(midnight(before(day, 200.days())?, &self.paris)?);
                self.until = self.until.max(midnight(day.saturating_add(2.days()), &self.paris)?);
            }
        }
        Ok(self)
    }

    /// With a vote on this day in another country.
    pub fn with_vote(mut self, place: &Place, text: &str) -> Result<Law> {
        day(text)?;
        let close = place.close.map_or_else(|| "20:00".to_string(), |c| format!("{:02}:{:02}", c.hour(), c.minute()));
        self.elections.push(Election {
            id: format!("{}-{text}", place.code.to_lowercase()),
            kind: Kind::Local,
            name: Text::new(format!("vote of {text}, {}", place.code), format!("vote du {text}, {}", place.code)),
            single: false,
            close: close.clone(),
            own_close: close,
            saturday: Vec::new(),
            country: Some(place.code.clone()),
            rounds: vec![knowledge::law::Round { day: text.into(), own: std::collections::BTreeMap::new() }],
            status: Status::Unverified,
            source: "the command line".into(),
        });
        self.check()?;
        Ok(self)
    }

    /// The elections.
    pub fn elections(&self) -> impl Iterator<Item = &Election> {
        self.elections.iter()
    }

    /// Whether the calendars answer for this moment.
    #[must_use]
    pub fn covers(&self, at: Time) -> bool {
        self.from <= at && at < self.until
    }

    /// From when to when they answer.
    #[must_use]
    pub fn covered(&self) -> (Time, Time) {
        (self.from, self.until)
    }

    /// A territory or country by its code.
    pub fn place(&self, code: &str) -> Result<Place> {
        let code = code.trim().to_uppercase();
        if let Some(t) = self.territories.iter().find(|t| t.code == code || t.also.contains(&code)) {
            return self.territory(t);
        }
        for country in &self.countries {
            if let Some(name) = country.codes.get(&code) {
                return Ok(Place {
                    name: Text::same(code.clone()),
                    zone: zone(name)?,
                    group: None,
                    limits: country.limits,
                    source: Some((country.source.clone(), country.status)),
                    key: if country.america { "americas".into() } else { code.clone() },
                    rules: country.rules.clone(),
                    close: country.close.as_deref().map(clock).transpose()?,
                    code,
                });
            }
        }
        let codes: Vec<&str> = self.territories.iter().map(|t| t.code.as_str()).collect();
        Err(Error::new(format!("nothing is known of the territory `{}`", code.chars().take(40).collect::<String>()))
            .hint(format!("ISO 3166 codes: {}, or a country such as BE or PL", codes.join(", "))))
    }

    fn territory(&self, t: &Territory) -> Result<Place> {
        Ok(Place {
            code: t.code.clone(),
            name: t.name.clone(),
            zone: zone(&t.zone)?,
            group: Some(t.group),
            limits: Some(true),
            source: None,
            key: t.code.clone(),
            rules: Vec::new(),
            close: None,
        })
    }

    /// All territories of the Republic.
    pub fn places(&self) -> Result<Vec<Place>> {
        self.territories.iter().map(|t| self.territory(t)).collect()
    }

    /// Every interval of a place, by first second.
    pub fn intervals(&self, place: &Place) -> Result<Vec<Interval<'_>>> {
        let mut all = Vec::new();
        for election in &self.elections {
            match &election.country {
                Some(code) if *code != place.code => continue,
                _ => {}
            }
            for rule in &self.rules {
                let foreign = rule.ends == "close";
                if foreign != election.country.is_some() || (foreign && !place.rules.contains(&rule.id)) {
                    continue;
                }
                for (i, _) in election.rounds.iter().enumerate() {
                    all.extend(self.interval(rule, election, i, place)?);
                }
            }
        }
        all.sort_by(|a, b| (a.from, &a.rule.id, &a.election.id).cmp(&(b.from, &b.rule.id, &b.election.id)));
        Ok(all)
    }

    /// The day a place votes in a round, and whether that is another day altogether.
    fn votes(&self, election: &Election, round: usize, place: &Place) -> Result<(Date, bool)> {
        let round = &election.rounds[round];
        let metropolitan = day(&round.day)?;
        Ok(match round.own.get(&place.key) {
            Some(own) => (day(own)?, true),
            None if election.saturday.contains(&place.key) => (before(metropolitan, 1.day())?, false),
            None => (metropolitan, false),
        })
    }

    fn interval<'a>(
        &'a self,
        rule: &'a Rule,
        e: &'a Election,
        i: usize,
        place: &Place,
    ) -> Result<Option<Interval<'a>>> {
        let metropolitan = day(&e.rounds[i].day)?;
        let in_force = day(&rule.since)? <= metropolitan
            && rule.until.as_deref().map(day).transpose()?.is_none_or(|until| metropolitan <= until);
        if !in_force || !(rule.elections.is_empty() || rule.elections.contains(&e.kind)) {
            return Ok(None);
        }
        let (own_day, own) = self.votes(e, i, place)?;
        let (local, paris) = (&place.zone, &self.paris);
        let eve = || midnight(before(own_day, 1.day())?, local);
        let earlier = |date: Date| Ok::<_, Error>(midnight(date, local)?.min(midnight(date, paris)?));
        let months = |n: i64| midnight(before(day(&e.rounds[0].day)?.first_of_month(), n.months())?, paris);
        let whole = rule.begins.starts_with("months_");
        if whole && i > 0 {
            return Ok(None);
        }
        let first = if e.saturday.is_empty() { metropolitan } else { before(metropolitan, 1.day())? };
        let amount = |prefix: &str| rule.begins.strip_prefix(prefix).and_then(|n| n.parse::<i64>().ok());
        let from = match rule.begins.as_str() {
            "eve" => eve()?,
            "saturday" => earlier(before(metropolitan, 1.day())?)?,
            "vote" => earlier(if own { own_day } else { first })?,
            "last_day" => Time(eve()?.0 - 86_400_000_000),
            "opens" if i > 0 => {
                let (day, _) = self.votes(e, i - 1, place)?;
                midnight(day.saturating_add(1.day()), local)?
            }
            "opens" => {
                let monday = own_day.nth_weekday(-2, Weekday::Monday);
                midnight(monday.map_err(|e| Error::new("there is no Monday before").because(e))?, local)?
            }
            "months_3" => months(3)?,
            "months_6" => months(6)?,
            _ => match (amount("days_"), amount("hours_")) {
                (Some(n), _) => midnight(before(own_day, n.days())?, local)?,
                (_, Some(n)) => Time(midnight(own_day, local)?.0 - n * 3_600_000_000),
                _ => return Err(unknown(rule, &rule.begins)),
            },
        };
        let own_close = || moment(own_day, clock(&e.own_close)?, local);
        let close = |round: usize| moment(day(&e.rounds[round].day)?, clock(&e.close)?, paris);
        let is_metropolitan = place.group == Some(Group::Metropolitan);
        let last = e.rounds.len() - 1;
        let until = match rule.ends.as_str() {
            "metropolitan" if own && rule.begins == "eve" => own_close()?,
            "metropolitan" => close(i)?,
            "own" if (e.single || is_metropolitan) && !own => close(i)?,
            "own" => own_close()?,
            "campaign" => eve()?,
            "decided" => midnight(day(&e.rounds[last].day)?.saturating_add(1.day()), paris)?,
            "decided_close" => close(last)?,
            "close" => moment(own_day, place.close.unwrap_or(clock(&e.close)?), local)?,
            _ => return Err(unknown(rule, &rule.ends)),
        };
        let round = if whole { 0 } else { i + 1 };
        Ok(Some(Interval { rule, election: e, round, from, until }))
    }

    /// Refuses calendars that make no sense.
    fn check(&self) -> Result<()> {
        let refused = |e: &Election, what: String| Err(Error::new(format!("the calendar `{}` {what}", e.id)));
        for (i, e) in self.elections.iter().enumerate() {
            if self.elections[..i].iter().any(|other| other.id == e.id) {
                return refused(e, "stands twice".into());
            }
            if e.rounds.is_empty() {
                return refused(e, "has no round".into());
            }
            clock(&e.close)?;
            clock(&e.own_close)?;
            let known = |code: &String| code == "americas" || self.territories.iter().any(|t| t.code == *code);
            let named = e.saturday.iter().chain(e.rounds.iter().flat_map(|r| r.own.keys()));
            if let Some(code) = named.into_iter().find(|c| !known(c)) {
                return refused(e, format!("names the territory `{code}`, of which nothing is known"));
            }
            let days = e.rounds.iter().map(|r| day(&r.day)).collect::<Result<Vec<_>>>()?;
            if let Some(pair) = days.windows(2).find(|p| p[1] <= p[0]) {
                return refused(e, format!("has a round on {} after one on {}", pair[1], pair[0]));
            }
            for round in &e.rounds {
                let metropolitan = day(&round.day)?;
                for own in round.own.values() {
                    let own = day(own)?;
                    if own > metropolitan || own < before(metropolitan, 30.days())? {
                        return refused(e, format!("has a vote on {own}, too far from {metropolitan}"));
                    }
                }
            }
        }
        let abroad = self.elections.iter().filter_map(|e| e.country.as_deref()).map(|c| self.place(c));
        for place in self.places()?.into_iter().map(Ok).chain(abroad) {
            let place = place?;
            let all = self.intervals(&place)?;
            if let Some(i) = all.iter().find(|i| i.until <= i.from) {
                return refused(i.election, format!("ends before it starts, in {} under `{}`", place.code, i.rule.id));
            }
            // Silences of two calendars must not overlap: one answer could be the other's. Rules of months may.
            let silences: Vec<_> = all.iter().filter(|i| i.round > 0 && i.rule.effect == Effect::Forbids).collect();
            for (n, a) in silences.iter().enumerate() {
                let clash = silences[n + 1..].iter().find(|b| {
                    b.rule.id == a.rule.id && (&b.election.id, b.round) != (&a.election.id, a.round) && b.from < a.until
                });
                if let Some(b) = clash {
                    return refused(
                        b.election,
                        format!("overlaps `{}`, in {} under `{}`", a.election.id, place.code, a.rule.id),
                    );
                }
            }
        }
        Ok(())
    }
}

fn unknown(rule: &Rule, word: &str) -> Error {
    Error::new(format!("the rule `{}` has an end or beginning `{word}` that is not known", rule.id))
}

/// The metropolitan day of a round, counted from 1.
pub(crate) fn round_day(election: &Election, round: usize) -> Result<Date> {
    let round = election.rounds.get(round.saturating_sub(1)).ok_or_else(|| Error::new("there is no such round"))?;
    day(&round.day)
}
