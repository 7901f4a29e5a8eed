//! The owner's side: as many workers as there is work and cores, each driven by a thread; what they say is taken in
//! the order of the jobs, so that results do not depend on who was faster.

use super::{Answer, Loss, Order, read_frame, write_frame};
use crate::gather::why;
use model::{Budget, Config, Error, Result};
use platform::{Answers, Orders};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};
use store::Hasher;

/// Whether a worker of this process was held by seccomp alone.
static WITHOUT_LANDLOCK: AtomicBool = AtomicBool::new(false);

/// Whether workers were held by seccomp alone, for this kernel has no Landlock: a person is told.
pub fn without_landlock() -> bool {
    WITHOUT_LANDLOCK.load(Ordering::Relaxed)
}

/// Answers in one parcel from a driver to whoever writes them down.
const PARCEL: usize = 256;
/// Parcels of a job that wait in memory; more are put aside on disk, for what is written down comes in the order of the jobs: else
/// whoever reads the second large archive would wait for the end of the first.
const AHEAD: usize = 4;
/// Bytes put aside of all jobs together; then their workers wait. A limit for each would be as many as there are archives.
const ASIDE: u64 = 2 << 30;

/// A piece of evidence for a worker.
pub struct Job {
    bytes: Bytes,
    config: Arc<str>,
    at: model::Time,
    modified: Option<model::Time>,
    budget: Budget,
}

/// Where a job's bytes are.
pub enum Bytes {
    /// In a file, opened when its turn comes.
    Path(PathBuf),
    /// In a file without a name.
    Open(File),
    /// Nowhere, and why.
    Lost(Loss),
}

/// A configuration as workers are told it; made once for all jobs, for it may hold long lists.
pub fn told(config: &Config) -> Arc<str> {
    toml::to_string(config).expect("what was read from TOML can be written as TOML").into()
}

impl Job {
    /// To read these bytes of a piece of evidence.
    pub fn new(bytes: Bytes, evidence: &model::Evidence, config: &Arc<str>) -> Job {
        let config = config.clone();
        Job { bytes, config, at: evidence.added, modified: evidence.modified, budget: Budget::default() }
    }

    fn open(&mut self) -> std::result::Result<File, Loss> {
        match std::mem::replace(&mut self.bytes, Bytes::Lost(Loss::refused("read twice"))) {
            Bytes::Open(file) => Ok(file),
            Bytes::Lost(loss) => Err(loss),
            Bytes::Path(path) => Ok(store::regular(&path, true)?),
        }
    }
}

/// What the workers say, job after job.
pub struct Pool {
    jobs: VecDeque<Inbox>,
    parcel: VecDeque<Answer>,
}

/// Some answers of a job.
enum Parcel {
    Held(Vec<Answer>),
    /// In a file without a name, there and so many bytes.
    Aside(Arc<Aside>, u64, u64),
}

/// A file without a name, with what lies in it and in those of all jobs.
struct Aside {
    file: File,
    size: AtomicU64,
    all: Arc<AtomicU64>,
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.all.fetch_sub(self.size.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// Parcels that wait in memory, and that one was taken.
type Waiting = Arc<(Mutex<usize>, Condvar)>;

/// Where a job's answers come out.
struct Inbox {
    parcels: Receiver<Parcel>,
    waiting: Waiting,
}

impl Inbox {
    fn next(&self) -> Option<Vec<Answer>> {
        match self.parcels.recv().ok()? {
            Parcel::Held(answers) => {
                *self.waiting.0.lock().unwrap_or_else(|e| e.into_inner()) -= 1;
                self.waiting.1.notify_one();
                Some(answers)
            }
            Parcel::Aside(aside, at, size) => Some(read_aside(&aside.file, at, size).unwrap_or_else(|e| {
                vec![Answer::Lost(Loss::refused(format!("what was put aside could not be read back: {}", why(&e))))]
            })),
        }
    }
}

fn read_aside(file: &File, at: u64, size: u64) -> io::Result<Vec<Answer>> {
    let mut from = BufReader::with_capacity(64 << 10, At { file, at }.take(size));
    let mut answers = Vec::new();
    while !from.fill_buf()?.is_empty() {
        let mut length = [0; 4];
        from.read_exact(&mut length)?;
        answers.push(read_frame(&mut from, length)?);
    }
    Ok(answers)
}

/// Where a job's answers go in.
struct Outbox {
    parcels: Sender<Parcel>,
    waiting: Waiting,
    aside: Option<Arc<Aside>>,
    /// What all jobs have put aside.
    all: Arc<AtomicU64>,
}

impl Outbox {
    /// Hands answers on, and waits where neither memory nor disk takes them; fails when nobody listens any more.
    fn send(&mut self, answers: Vec<Answer>, stop: &AtomicBool) -> std::result::Result<(), ()> {
        loop {
            let mut waiting = self.waiting.0.lock().unwrap_or_else(|e| e.into_inner());
            if *waiting < AHEAD {
                *waiting += 1;
                drop(waiting);
                return self.parcels.send(Parcel::Held(answers)).map_err(drop);
            }
            drop(waiting);
            if let Ok(parcel) = self.put_aside(&answers) {
                return self.parcels.send(parcel).map_err(drop);
            }
            let waiting = self.waiting.0.lock().unwrap_or_else(|e| e.into_inner());
            drop(self.waiting.1.wait_timeout_while(waiting, Duration::from_millis(200), |n| *n >= AHEAD));
            if stop.load(Ordering::Relaxed) {
                return Err(());
            }
        }
    }

    fn put_aside(&mut self, answers: &[Answer]) -> io::Result<Parcel> {
        if self.all.load(Ordering::Relaxed) >= ASIDE {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut bytes = Vec::new();
        answers.iter().try_for_each(|answer| write_frame(&mut bytes, answer))?;
        let aside = match &self.aside {
            Some(aside) => aside.clone(),
            None => {
                let aside = Aside { file: tempfile::tempfile()?, size: AtomicU64::new(0), all: self.all.clone() };
                self.aside.insert(Arc::new(aside)).clone()
            }
        };
        let (at, size) = (aside.size.load(Ordering::Relaxed), bytes.len() as u64);
        // Half a parcel that a full disk left is written over by the next one.
        (&aside.file).seek(SeekFrom::Start(at))?;
        (&aside.file).write_all(&bytes)?;
        aside.size.fetch_add(size, Ordering::Relaxed);
        self.all.fetch_add(size, Ordering::Relaxed);
        Ok(Parcel::Aside(aside, at, size))
    }
}

impl Pool {
    /// Runs the jobs while `work` takes their answers.
    pub fn run<T>(jobs: Vec<Job>, work: impl FnOnce(&mut Pool) -> Result<T>) -> Result<T> {
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let workers = cores.min(jobs.len());
        let (mut senders, mut receivers) = (VecDeque::new(), VecDeque::new());
        let all: Arc<AtomicU64> = Arc::default();
        for job in jobs {
            let (sender, receiver) = channel();
            let waiting = Waiting::default();
            senders
                .push_back((job, Outbox { parcels: sender, waiting: waiting.clone(), aside: None, all: all.clone() }));
            receivers.push_back(Inbox { parcels: receiver, waiting });
        }
        let mut pool = Pool { jobs: receivers, parcel: VecDeque::new() };
        let (queue, stop) = (Mutex::new(senders), Arc::new(AtomicBool::new(false)));
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let driver = Driver { worker: None, threads: cores / workers, stop: stop.clone() };
                let queue = &queue;
                std::thread::Builder::new()
                    .name("driver".into())
                    .spawn_scoped(scope, move || driver.drive(queue))
                    .map_err(|e| Error::new(format!("could not start a thread: {}", why(&e))))?;
            }
            let result = work(&mut pool);
            stop.store(true, Ordering::Relaxed);
            drop(pool);
            result
        })
    }

    /// The next answer of the current job; after its last one, the next job is the current one.
    pub fn next(&mut self) -> Answer {
        let lost = || Answer::Lost(Loss::by_evidence("the worker's owner failed; please report this"));
        if self.parcel.is_empty() {
            let parcel = self.jobs.front().and_then(Inbox::next);
            self.parcel = parcel.map(VecDeque::from).unwrap_or_default();
        }
        let answer = self.parcel.pop_front().unwrap_or_else(lost);
        if answer.is_last() {
            self.parcel.clear();
            self.jobs.pop_front();
        }
        answer
    }
}

type Queue = Mutex<VecDeque<(Job, Outbox)>>;

struct Driver {
    worker: Option<Worker>,
    threads: usize,
    stop: Arc<AtomicBool>,
}

impl Driver {
    fn drive(mut self, queue: &Queue) {
        loop {
            let next = queue.lock().unwrap_or_else(|e| e.into_inner()).pop_front();
            let Some((job, mut answers)) = next else { return };
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            let mut parcel = Vec::new();
            let last = self.read(job, &mut parcel, &mut answers).unwrap_or_else(|loss| {
                self.worker = None;
                Answer::Lost(loss)
            });
            parcel.push(last);
            // Nobody listens any more only when the run was given up.
            if answers.send(parcel, &self.stop).is_err() {
                return;
            }
        }
    }

    fn read(
        &mut self,
        mut job: Job,
        parcel: &mut Vec<Answer>,
        answers: &mut Outbox,
    ) -> std::result::Result<Answer, Loss> {
        let file = job.open()?;
        let size = file.metadata()?.len();
        let limit = Duration::from_secs(job.budget.seconds);
        // A worker's processor time is limited for its life, so a tired one is replaced.
        if self.worker.as_ref().is_some_and(|w| w.born.elapsed() > limit) {
            self.worker = None;
        }
        let worker = match &mut self.worker {
            Some(worker) => worker,
            none => none.insert(
                Worker::start(self.threads, job.budget.seconds, self.stop.clone())
                    .map_err(|e| Loss::refused(format!("could not start a worker: {}", why(&e))))?,
            ),
        };
        worker.answers.get_mut().left = limit;
        let died = |e: io::Error| match e.kind() {
            io::ErrorKind::TimedOut => Loss::by_evidence("took longer than allowed; the worker was stopped"),
            io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => super::sandbox::why_it_died(),
            _ => Loss::by_evidence(format!("the worker that read it said nonsense: {e}")),
        };
        worker.order(&job, size, &file).map_err(died)?;
        loop {
            match worker.answer().map_err(died)? {
                Answer::Done(..) => {
                    let bytes = At { file: &file, at: 0 }.take(size);
                    let (id, size) = Hasher::new(bytes).finish()?;
                    return Ok(Answer::Done(id, size));
                }
                last if last.is_last() => return Ok(last),
                Answer::Entered(landlock) => drop(WITHOUT_LANDLOCK.fetch_or(!landlock, Ordering::Relaxed)),
                answer => parcel.push(answer),
            }
            if parcel.len() >= PARCEL && answers.send(std::mem::take(parcel), &self.stop).is_err() {
                return Err(Loss::refused("given up"));
            }
        }
    }
}

/// A running worker; killed when dropped.
struct Worker {
    child: Child,
    orders: Orders,
    answers: BufReader<Patient>,
    born: Instant,
    /// The configuration it was told last.
    config: Option<Arc<str>>,
}

impl Worker {
    fn start(threads: usize, seconds: u64, stop: Arc<AtomicBool>) -> io::Result<Worker> {
        let (orders, theirs) = platform::orders()?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(["worker", &threads.max(1).to_string(), &seconds.to_string()])
            .env_clear()
            .envs(crate::known::handed_on())
            .stdin(theirs)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let answers =
            BufReader::with_capacity(64 << 10, Patient { out: Answers::new(out), left: Duration::ZERO, stop });
        Ok(Worker { child, orders, answers, born: Instant::now(), config: None })
    }

    /// Sends an order, the open file with its first bytes.
    fn order(&mut self, job: &Job, size: u64, file: &File) -> io::Result<()> {
        let mut frame = Vec::new();
        let known = self.config.as_ref().is_some_and(|c| Arc::ptr_eq(c, &job.config));
        let config = (!known).then(|| job.config.to_string());
        let order = Order { config, at: job.at, modified: job.modified, size, budget: job.budget.clone() };
        self.config = Some(job.config.clone());
        write_frame(&mut frame, &order)?;
        self.orders.send(&frame, file)
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let mut length = [0; 4];
        self.answers.read_exact(&mut length)?;
        read_frame(&mut self.answers, length)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may be gone already; either way nothing of it is left when this returns.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a worker's answers, but waits no longer in all than is left. Time in which nobody took its answers is not
/// held against it.
struct Patient {
    out: Answers,
    left: Duration,
    stop: Arc<AtomicBool>,
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let begun = Instant::now();
            let read = self.out.read_within(buffer, Duration::from_millis(200));
            self.left = self.left.saturating_sub(begun.elapsed());
            match read? {
                Some(n) => return Ok(n),
                None if self.left.is_zero() || self.stop.load(Ordering::Relaxed) => {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                None => {}
            }
        }
    }
}

/// A file from a place of its own, whoever else moves the file's.
struct At<'f> {
    file: &'f File,
    at: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = platform::read_at(self.file, buffer, self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}
