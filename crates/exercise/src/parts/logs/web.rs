//! One site's log: visitors and attempts, second by second in time order.
//!
//! You may rely on: memory holds who is on the site now, never the log.

use super::actors::{Actors, lanes};
use super::format::{Hit, Request, Writer};
use super::habit::{Habit, working_times};
use super::payload::{self, Answer, Tool};
use super::plan::{Beats, Outage, Plan, Planned};
use super::tables::Site;
use super::visits::{Public, Visitor};
use super::vocabulary::{Class, Down, Purpose};
use crate::calendar::Period;
use crate::files::LogFile;
use crate::random::Random;
use model::{Address, Outcome, Result, Time};

/// Who acts on the site.
enum Actor<'p> {
    Visitor(Visitor),
    Lane(Box<Attacker<'p>>),
}

struct Attacker<'p> {
    planned: &'p Planned,
    source: Address,
    beats: Beats,
    tool: Tool,
    random: Random,
    done: u64,
    /// Events of the lane; the last of them show a success.
    events: u64,
    succeeds: u64,
}

/// Writes the log of one site. `requests` is the number wanted on an average day.
pub(crate) struct Web<'a> {
    pub(crate) site: &'a Site,
    pub(crate) number: usize,
    pub(crate) period: &'a Period,
    pub(crate) plan: &'a Plan,
    pub(crate) habit: &'a Habit,
    pub(crate) requests: f64,
    pub(crate) seed: u64,
}

impl Web<'_> {
    pub(crate) fn write(&self, public: &Public, log: &mut LogFile) -> Result<()> {
        let mut random = Random::stream(self.seed, &self.site.name, 0);
        let mut outages: Vec<&Outage> = self.plan.outages.iter().filter(|o| o.site == self.number).collect();
        let on_web = |purpose| matches!(purpose, Purpose::Web | Purpose::WebLogin);
        let mut lanes = lanes(self.plan, |p, purpose| p.site == self.number && on_web(purpose));
        let mut staff = working_times(public.ordinary.staff_logins_per_day, self.period, &mut random);
        staff.reverse();
        let mut actors = Actors::new();
        if public.ordinary.monitoring_minutes > 0 && self.requests > 0.0 {
            actors.enter(self.period.from * 1000 + 7_300, Actor::Visitor(public.monitor()));
        }
        let mut writer = Writer::new(self.site.format, &self.period.zone);
        let mut request = Request::default();
        for minute in (self.period.from..self.period.to).step_by(60) {
            let end = (minute + 60) * 1000;
            // Weights change slowly; the habit is asked once a minute.
            let wanted = self.requests / 1440.0 * self.habit.weight(minute);
            for _ in 0..public.arrivals(wanted, &mut random) {
                let at = minute * 1000 + random.below(60_000) as i64;
                actors.enter(at, Actor::Visitor(public.arrive(&mut random)));
            }
            while staff.pop_if(|at| *at < minute + 60).is_some() {
                actors.enter(minute * 1000 + random.below(60_000) as i64, Actor::Visitor(public.staff(&mut random)));
            }
            while let Some((at, planned, lane)) = lanes.pop_if(|l| l.0 < end) {
                actors.enter(at, Actor::Lane(Box::new(self.attacker(planned, lane))));
            }
            outages.retain(|o| o.to > minute);
            while let Some((at, slot, actor)) = actors.next(end.min(self.period.to * 1000)) {
                let (source, answer, next) = match actor {
                    Actor::Visitor(visitor) => {
                        let (answer, after) = visitor.step(public, &mut random, &mut request);
                        (visitor.source(), answer, after.map(|ms| at + ms))
                    }
                    Actor::Lane(attacker) => {
                        let answer = attacker.step(&mut request);
                        (attacker.source, answer, attacker.beats.next())
                    }
                };
                actors.again(slot, next);
                let second = at.div_euclid(1000);
                let down = outages.iter().find(|o| (o.from..o.to).contains(&second));
                let Answer { status, bytes } = match down {
                    Some(o) if o.kind == Down::Silence => continue,
                    Some(_) => Answer { status: [503, 503, 502, 504][(at % 4) as usize], bytes: 494 },
                    None => answer,
                };
                let (out, first) = log.at(second)?;
                if first {
                    writer.header(out, at);
                }
                writer.line(out, &Hit { at, source, host: &self.site.host, request: &request, status, bytes });
            }
        }
        Ok(())
    }

    fn attacker<'p>(&self, planned: &'p Planned, lane: usize) -> Attacker<'p> {
        // All sources of an attempt use one tool.
        let year = Time::from_seconds(self.period.to).in_zone(&self.period.zone).year();
        let tool = Tool::new(planned.truth.class, year, &mut Random::stream(planned.seed, "tool", 0));
        let mut beats = Beats::new(planned, lane);
        beats.next();
        let events = planned.lanes[lane].events;
        let last_lane = lane + 1 == planned.lanes.len();
        let succeeds = match planned.truth.class {
            _ if planned.truth.outcome != Outcome::PossiblySucceeded || !last_lane => 0,
            Class::WebShell => 3,
            Class::BruteForce | Class::PasswordSpraying | Class::CredentialStuffing => 1,
            _ => 1 + planned.seed % 2,
        };
        let random = Random::stream(planned.seed, "requests", lane as u64);
        Attacker { planned, source: planned.lanes[lane].source, beats, tool, random, done: 0, events, succeeds }
    }
}

impl Attacker<'_> {
    fn step(&mut self, request: &mut Request) -> Answer {
        let truth = &self.planned.truth;
        let class = self.planned.mix[self.done as usize % self.planned.mix.len()];
        self.done += 1;
        let success = self.events - self.done < self.succeeds && class == truth.class;
        if truth.purpose == Purpose::WebLogin {
            return self.login(success, request);
        }
        payload::request(class, truth.outcome, success, &self.tool, &mut self.random, request)
    }

    fn login(&mut self, success: bool, request: &mut Request) -> Answer {
        let truth = &self.planned.truth;
        payload::login(&self.tool, self.planned.seed, request);
        match truth.outcome {
            _ if success => Answer { status: 302, bytes: 0 },
            Outcome::Refused => Answer { status: 401, bytes: 381 },
            _ => Answer { status: 200, bytes: super::pages::about(4_127, &mut self.random) },
        }
    }
}
