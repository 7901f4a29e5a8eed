//! Reading: each piece of evidence whose key has changed, by the sensor that knows it, here or in a worker. Rows are
//! written in the register's order; workers run ahead of it, and what they say waits in memory or, where that
//! is too much, in files without a name.

use super::keys::Keys;
use super::{Done, Pipeline, years};
use crate::worker::{self, Answer, Bytes, Job, Loss, Pool};
use model::{Budget, Context, Result, Sink, Step};
use rayon::prelude::*;
use sensors::input::Input;
use sensors::{Isolation, Sensor};
use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use store::{Ending, Hasher, Place, Registered};

/// Files that are open at once while it is asked who reads them.
const LOOKED: usize = 256;

/// The reading of a case.
pub struct Reading<'a> {
    pipeline: &'a Pipeline<'a>,
    keys: Keys,
    /// Kinds of observations that are runs of one source: a flood has hundreds of thousands, and what is found in them
    /// carries the sources, so that the store need not link each.
    runs: Vec<&'static str>,
    /// When evidence ends that writes no year, by its number.
    anchors: BTreeMap<i64, model::Time>,
    done: Done,
}

/// A piece of evidence being read: its last step, and the hash of what passes if it is wanted.
struct Opened {
    input: Input,
    hasher: Arc<Mutex<Option<Hasher<Source>>>>,
    /// What was read of a stream so far.
    kept: Arc<Mutex<Option<Vec<u8>>>>,
}

type Source = Box<dyn Read + Send>;

/// Where a piece of evidence is to be read.
enum Where {
    /// In this process.
    Here,
    /// In this process and already open, for it cannot be opened twice.
    Open(Box<Opened>),
    /// In a worker.
    Worker(Bytes),
    /// Nowhere: it cannot be read.
    Lost(Loss),
}

impl<'a> Reading<'a> {
    /// Of a case.
    pub fn new(pipeline: &'a Pipeline<'a>) -> Reading<'a> {
        let shapes = sensors::SENSORS.iter().flat_map(|s| s.shapes());
        let runs = shapes.filter(|s| s.merge == Some(rows::Merge::Joins)).map(|s| s.name).collect();
        Reading {
            pipeline,
            keys: Keys::new(&pipeline.configured.config),
            runs,
            anchors: BTreeMap::new(),
            done: Done::default(),
        }
    }

    /// Reads all that must be read.
    pub fn run(mut self) -> Result<Done> {
        let mut asked = Vec::new();
        for registered in self.pipeline.case.register()?.into_iter().filter(|r| r.place != Place::Nowhere) {
            let before = self.pipeline.case.read_of(registered.n)?.filter(|r| r.key != store::Hash::default());
            match before.as_ref().is_some_and(|r| r.recogniser == self.keys.recogniser) {
                true => self.done.kept += 1,
                false => asked.push((registered, before)),
            }
        }
        let mut work = Vec::new();
        while !asked.is_empty() {
            let some: Vec<_> = asked.drain(..asked.len().min(LOOKED)).collect();
            let looked = self.look(&some);
            for ((registered, before), looked) in some.into_iter().zip(looked) {
                if let Some(place) = self.place(&registered, before, looked)? {
                    work.push((registered, place));
                }
            }
        }
        self.done.read += work.len() as u64;
        self.work(work)?;
        // What was read tells the years of what writes none: that is read again, as of its last day.
        let anchors: BTreeMap<i64, model::Time> = years::better(self.pipeline.case)?.into_iter().collect();
        let register = if anchors.is_empty() { Vec::new() } else { self.pipeline.case.register()? };
        let again = register.into_iter().filter(|r| anchors.contains_key(&r.n) && r.place != Place::Stream);
        let again: Vec<_> = again
            .map(|registered| match self.pipeline.isolate {
                true => {
                    let bytes = self.bytes(&registered, None);
                    (registered, Where::Worker(bytes))
                }
                false => (registered, Where::Here),
            })
            .collect();
        self.anchors = anchors;
        self.work(again)?;
        Ok(self.done)
    }

    fn work(&mut self, mut work: Vec<(Registered, Where)>) -> Result<()> {
        let total = work.iter().map(|(r, _)| r.evidence.size).sum();
        self.pipeline.progress.start(total);
        let mut jobs = Vec::new();
        let told = LazyCell::new(|| worker::told(&self.pipeline.configured.config));
        for (registered, place) in &mut work {
            if let Where::Worker(bytes) = place {
                let bytes = std::mem::replace(bytes, Bytes::Lost(Loss::refused("read twice")));
                let evidence = model::Evidence { modified: self.modified(registered), ..registered.evidence.clone() };
                jobs.push(Job::new(bytes, &evidence, &told));
            }
        }
        Pool::run(jobs, |pool| {
            for (registered, place) in work {
                match place {
                    Where::Here => match self.open(&registered) {
                        Ok(opened) => self.read_here(&registered, opened)?,
                        Err(e) => self.lost(&registered, e.into())?,
                    },
                    Where::Open(opened) => self.read_here(&registered, *opened)?,
                    Where::Worker(_) => self.read_there(&registered, pool)?,
                    Where::Lost(loss) => self.lost(&registered, loss)?,
                }
                self.pipeline.progress.passed(registered.evidence.size);
            }
            Ok(())
        })?;
        self.pipeline.progress.end();
        Ok(())
    }

    /// When evidence was last modified, as far as it matters to stamps without a year: as the dated evidence of the case
    /// tells, or the name, or the file.
    fn modified(&self, registered: &Registered) -> Option<model::Time> {
        let told = self.anchors.get(&registered.n).copied();
        told.or_else(|| sensors::named_day(&registered.evidence.path)).or(registered.evidence.modified)
    }

    /// Who reads each of these files, asked on all cores: workers wait until that is known.
    fn look(&self, some: &[(Registered, Option<store::Read>)]) -> Vec<Option<io::Result<sensors::Reading>>> {
        let is_file = |r: &Registered| r.place != Place::Stream && !self.pipeline.isolate;
        let files = some.iter().map(|(r, _)| is_file(r).then(|| (self.pipeline.case.bytes_of(r), self.context(r))));
        let look = |(file, context): (io::Result<File>, Context)| {
            let file = file?;
            let size = file.metadata()?.len();
            let input = Input::open(Box::new(file.take(size)), Budget::default())?;
            Ok(sensors::reading(input.head(), &context))
        };
        files.collect::<Vec<_>>().into_par_iter().map(|file| file.map(look)).collect()
    }

    /// Where to read it, if at all.
    fn place(
        &mut self,
        registered: &Registered,
        before: Option<store::Read>,
        looked: Option<io::Result<sensors::Reading>>,
    ) -> Result<Option<Where>> {
        if self.pipeline.isolate {
            return Ok(Some(Where::Worker(self.bytes(registered, None))));
        }
        let (reading, opened) = match looked {
            Some(Ok(reading)) => (reading, None),
            Some(Err(e)) => return Ok(Some(Where::Lost(e.into()))),
            None => match self.open(registered) {
                Ok(opened) => {
                    (sensors::reading(opened.input.head(), &self.context(registered)), Some(Box::new(opened)))
                }
                Err(e) => return Ok(Some(Where::Lost(e.into()))),
            },
        };
        let sensor = match reading {
            sensors::Reading::Sensor(sensor) => Some(sensor),
            _ => None,
        };
        if before.is_some_and(|r| r.key == self.keys.reading(sensor)) {
            self.pipeline.case.still_read(registered.n, self.keys.recogniser)?;
            self.done.kept += 1;
            return Ok(None);
        }
        let there =
            matches!(reading, sensors::Reading::Members) || sensor.is_some_and(|s| s.isolation() == Isolation::Worker);
        Ok(Some(match opened {
            opened if there => Where::Worker(self.bytes(registered, opened.map(|o| *o))),
            Some(opened) => Where::Open(opened),
            None => Where::Here,
        }))
    }

    /// What a reader may know. The time is that of the evidence's arrival: read again later, it gives the same.
    fn context<'c>(&'c self, registered: &Registered) -> Context<'c> {
        Context {
            config: &self.pipeline.configured.config,
            origins: &self.pipeline.configured.origins,
            at: registered.evidence.added,
            modified: self.modified(registered),
        }
    }

    fn open(&self, registered: &Registered) -> io::Result<Opened> {
        let kept = Arc::new(Mutex::new(Some(Vec::new())));
        let source: Source = match registered.place {
            Place::Stream => Box::new(Stream { kept: kept.clone() }),
            _ => {
                let file = self.pipeline.case.bytes_of(registered)?;
                // A log that grows while it is read is read up to where it was.
                let size = file.metadata()?.len();
                Box::new(file.take(size))
            }
        };
        let hasher = Arc::new(Mutex::new(Some(if self.pipeline.hashed {
            Hasher::new(source)
        } else {
            Hasher::counting(source)
        })));
        let input = Input::open(Box::new(Passing(hasher.clone())), Budget::default())?;
        Ok(Opened { input, hasher, kept })
    }

    /// The bytes of a piece of evidence for a worker. A stream is written to a nameless file first, for a worker must
    /// not read on where this process stopped.
    fn bytes(&self, registered: &Registered, opened: Option<Opened>) -> Bytes {
        if registered.place != Place::Stream {
            return self
                .pipeline
                .case
                .path_of(registered)
                .map_or_else(|| Bytes::Lost(Loss::refused("not there")), Bytes::Path);
        }
        let kept = opened.and_then(|o| o.kept.lock().unwrap_or_else(|e| e.into_inner()).take()).unwrap_or_default();
        let spool = || -> io::Result<File> {
            let mut file = tempfile::tempfile()?;
            io::copy(&mut kept.as_slice().chain(io::stdin()), &mut file)?;
            file.rewind()?;
            Ok(file)
        };
        spool().map_or_else(|e| Bytes::Lost(e.into()), Bytes::Open)
    }

    fn read_here(&mut self, registered: &Registered, opened: Opened) -> Result<()> {
        let Opened { input, hasher, kept } = opened;
        kept.lock().unwrap_or_else(|e| e.into_inner()).take();
        let steps = input.steps().to_vec();
        let context = self.context(registered);
        let sensor = sensors::recognise(input.head(), &context);
        let mut writer = self.pipeline.case.writer(registered, &self.runs)?;
        let mut sink = Watched { inner: &mut writer, progress: |bytes| self.pipeline.progress.within(bytes) };
        // A reader that fails costs this piece of evidence and no other.
        let read = || {
            #[cfg(debug_assertions)]
            assert!(!told_to_fail(&registered.evidence.path), "a test asked for this");
            sensors::read(input, &context, &mut sink)
        };
        match catch_unwind(AssertUnwindSafe(read)) {
            Ok(result) => result?,
            Err(_) => {
                drop(writer);
                return self.lost(registered, Loss::by_evidence("the reader failed; please report this"));
            }
        }
        let hasher = hasher.lock().unwrap_or_else(|e| e.into_inner()).take();
        let hash = match hasher.map(Hasher::finish) {
            Some(Ok(hash)) => hash,
            Some(Err(e)) => {
                drop(writer);
                return self.lost(registered, e.into());
            }
            None => return Ok(()),
        };
        let ending = writer.finish(&self.read_as(sensor, sensor, steps), hash)?;
        self.ended(registered, ending);
        Ok(())
    }

    fn read_there(&mut self, registered: &Registered, pool: &mut Pool) -> Result<()> {
        let mut writer = self.pipeline.case.writer(registered, &self.runs)?;
        // Who reads the evidence itself, the steps to what it reads, and how many files in it each sensor reads.
        let mut itself: Option<(Option<&dyn Sensor>, Vec<Step>)> = None;
        let mut inside: BTreeMap<&str, u64> = BTreeMap::new();
        loop {
            match pool.next() {
                Answer::Observation(o) => writer.observation(o),
                Answer::Tally(t) => writer.tally(t),
                Answer::Skip(s) => writer.skip(s),
                Answer::Note(n) => writer.note(n),
                Answer::Lines(l) => writer.lines(l),
                Answer::Progress(bytes) => self.pipeline.progress.within(bytes),
                Answer::Inside(name, steps) => {
                    let sensor = name.and_then(|n| sensors::sensor(&n));
                    sensor.into_iter().for_each(|s| *inside.entry(s.name()).or_default() += 1);
                    match itself {
                        None => itself = Some((sensor, steps)),
                        Some(_) => writer.inside(&steps, sensor.map(|s| s.name())),
                    }
                }
                Answer::Entered(_) => {}
                Answer::Wrong(error) => return Err(error.into()),
                Answer::Lost(loss) => {
                    drop(writer);
                    return self.lost(registered, loss);
                }
                Answer::Done(id, size) => {
                    let (sensor, steps) = itself.unwrap_or_default();
                    // An archive of mails is a folder of mail.
                    let most = inside.into_iter().max_by_key(|(_, n)| *n).and_then(|(name, _)| sensors::sensor(name));
                    let ending = writer.finish(&self.read_as(sensor, sensor.or(most), steps), (id, size))?;
                    self.ended(registered, ending);
                    return Ok(());
                }
            }
        }
    }

    /// `kind` says what the evidence is; `sensor` is who read it itself, on which its key rests.
    fn read_as(&self, sensor: Option<&dyn Sensor>, kind: Option<&dyn Sensor>, steps: Vec<Step>) -> store::Read {
        store::Read {
            recogniser: self.keys.recogniser,
            key: self.keys.reading(sensor),
            sensor: kind.map(|s| s.name().to_string()),
            steps,
        }
    }

    fn ended(&mut self, registered: &Registered, ending: Ending) {
        if let Ending::SameAs(other) = ending {
            self.done.same.push((registered.evidence.path.clone(), other));
        }
    }

    fn lost(&mut self, registered: &Registered, loss: Loss) -> Result<()> {
        self.done.refused += u64::from(loss.machine);
        self.pipeline.case.lost(registered, self.keys.recogniser, &loss.reason)
    }
}

/// Whether a test wants the reader of this evidence to fail: nothing that is known makes one fail.
#[cfg(debug_assertions)]
fn told_to_fail(path: &str) -> bool {
    std::env::var("VIGIE_TEST_READER_FAILS").is_ok_and(|name| name == path)
}

/// A sink that passes progress on.
struct Watched<'a, P: FnMut(u64)> {
    inner: &'a mut dyn Sink,
    progress: P,
}

impl<P: FnMut(u64)> Sink for Watched<'_, P> {
    fn observation(&mut self, observation: model::Observation) {
        self.inner.observation(observation);
    }
    fn tally(&mut self, tally: model::Tally) {
        self.inner.tally(tally);
    }
    fn skip(&mut self, skip: model::Skip) {
        self.inner.skip(skip);
    }
    fn note(&mut self, note: model::Note) {
        self.inner.note(note);
    }
    fn lines(&mut self, lines: model::Lines) {
        self.inner.lines(lines);
    }
    fn inside(&mut self, _steps: &[Step], _sensor: Option<&str>) {
        // What is read here is the evidence itself: archives are read by workers.
    }
    fn progress(&mut self, consumed: u64) {
        (self.progress)(consumed);
    }
    fn listener(&self) -> Option<Arc<dyn model::Listener>> {
        self.inner.listener()
    }
}

/// Reads through a hasher that its owner takes back at the end.
struct Passing(Arc<Mutex<Option<Hasher<Source>>>>);

impl Read for Passing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.lock().unwrap_or_else(|e| e.into_inner()).as_mut() {
            Some(hasher) => hasher.read(buffer),
            None => Ok(0),
        }
    }
}

/// Standard input, which keeps what was read of it until somebody knows whether it must be read again.
struct Stream {
    kept: Arc<Mutex<Option<Vec<u8>>>>,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = io::stdin().read(buffer)?;
        if let Some(kept) = self.kept.lock().unwrap_or_else(|e| e.into_inner()).as_mut() {
            kept.extend_from_slice(&buffer[..n]);
        }
        Ok(n)
    }
}
