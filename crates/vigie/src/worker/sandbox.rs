//! What a worker gives up before it sees evidence: root and every capability, files and sockets by Landlock, every system
//! call it has no use for by seccomp, memory and time by resource limits, new privileges for ever. A kernel without
//! Landlock still has seccomp, which alone denies opening anything, and it is said so; without seccomp there is no worker.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::error::Error;
use std::process::ExitCode;

/// Bytes of address space a worker may have.
const MEMORY: u64 = 4 << 30;

/// Why a worker that said nothing more may have died.
pub fn why_it_died() -> super::Loss {
    // Less than this, and honest evidence may already be too much; a worker's own bound is the evidence's matter.
    let short = |resource, least: u64| getrlimit(resource).current.is_some_and(|most| most < least);
    if short(Resource::As, MEMORY) {
        return super::Loss::refused("the worker that read it died: `ulimit -v` leaves it too little memory");
    }
    if short(Resource::Nofile, 16) {
        return super::Loss::refused("the worker that read it died: `ulimit -n` leaves it too few open files");
    }
    if short(Resource::Nproc, 64) {
        return super::Loss::refused("the worker that read it died: `ulimit -u` leaves it too few processes");
    }
    super::Loss::by_evidence("the worker that read it died")
}

/// Whether this system can isolate workers fully; else they are but processes with limits.
pub const fn complete() -> bool {
    cfg!(target_os = "linux")
}

/// How far a worker is held.
pub struct Entered {
    /// By Landlock, besides seccomp.
    pub landlock: bool,
    /// It has neither root nor any capability.
    pub unprivileged: bool,
}

/// Enters the sandbox; there is no way out.
pub fn enter(threads: usize, seconds: u64) -> Result<Entered, Box<dyn Error>> {
    let limit = |resource, most: u64| {
        // What a shell or a service manager allows less of cannot be raised; asking for it ends the worker.
        let most = getrlimit(resource).maximum.map_or(most, |allowed| most.min(allowed));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
    };
    limit(Resource::As, MEMORY)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Nofile, 16)?;
    // The owner replaces a worker that has run this long and kills one that hangs; this is for one without owner.
    limit(Resource::Cpu, 2 * seconds.max(1) * threads as u64)?;
    #[cfg(target_os = "linux")]
    return linux::enter();
    #[cfg(not(target_os = "linux"))]
    Ok(Entered { landlock: false, unprivileged: false })
}

#[cfg(target_os = "linux")]
mod linux {
    use super::Entered;
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope,
    };
    use rustix::process::{Gid, Uid};
    use rustix::thread::{CapabilitySet, CapabilitySets};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    };
    use std::collections::BTreeMap;
    use std::error::Error;

    /// The user and group `nobody` of all Linux systems: the one that no file should belong to.
    const NOBODY: u32 = 65534;

    /// Gives up root and all capabilities. There is one thread yet, so that all later ones have none either.
    fn step_down() -> Result<bool, Box<dyn Error>> {
        for capability in CapabilitySet::all().iter() {
            // Allowed to who has any to lose; unknown to older kernels.
            let _ = rustix::thread::remove_capability_from_bounding_set(capability);
        }
        let _ = rustix::thread::clear_ambient_capability_set();
        if rustix::process::geteuid().is_root() || rustix::process::getuid().is_root() {
            // Within some containers there is no other user; capabilities go all the same.
            let _ = rustix::thread::set_thread_groups(&[]);
            let _ = rustix::thread::set_thread_gid(Gid::from_raw(NOBODY));
            let _ = rustix::thread::set_thread_uid(Uid::from_raw(NOBODY));
        }
        let none = CapabilitySet::empty();
        rustix::thread::set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?;
        let left = rustix::thread::capabilities(None)?;
        let without = (left.effective | left.permitted | left.inheritable).is_empty();
        Ok(without && !rustix::process::geteuid().is_root())
    }

    pub fn enter() -> Result<Entered, Box<dyn Error>> {
        let unprivileged = step_down()?;
        // After that, for another user's process would not get the signal any more.
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
        let landlock = without_landlock() || landlock()?;
        seccomp()?;
        Ok(Entered { landlock: landlock && !without_landlock(), unprivileged })
    }

    /// Whether a test wants to see what holds without it.
    fn without_landlock() -> bool {
        cfg!(debug_assertions) && std::env::var_os("VIGIE_TEST_NO_LANDLOCK").is_some()
    }

    fn landlock() -> Result<bool, Box<dyn Error>> {
        // No rule follows: nothing that the kernel can deny is allowed.
        let status = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .restrict_self()?;
        Ok(status.ruleset != RulesetStatus::NotEnforced)
    }

    fn seccomp() -> Result<(), Box<dyn Error>> {
        let program: BpfProgram = SeccompFilter::new(
            rules()?,
            // As if the kernel were too old: the C library then falls back, and `clone3`, whose flags a filter cannot
            // see, becomes `clone`, whose flags it can.
            SeccompAction::Errno(libc::ENOSYS as u32),
            SeccompAction::Allow,
            std::env::consts::ARCH.try_into()?,
        )?
        .try_into()?;
        seccompiler::apply_filter(&program)?;
        Ok(())
    }

    /// What reading, reckoning, threads and memory need, and nothing else.
    fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>, Box<dyn Error>> {
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> = [
            libc::SYS_read,
            libc::SYS_readv,
            libc::SYS_pread64,
            libc::SYS_write,
            libc::SYS_writev,
            libc::SYS_close,
            libc::SYS_lseek,
            libc::SYS_fstat,
            libc::SYS_recvmsg,
            libc::SYS_recvfrom,
            libc::SYS_mmap,
            libc::SYS_mprotect,
            libc::SYS_munmap,
            libc::SYS_mremap,
            libc::SYS_madvise,
            libc::SYS_brk,
            libc::SYS_futex,
            libc::SYS_sched_yield,
            libc::SYS_sched_getaffinity,
            libc::SYS_nanosleep,
            libc::SYS_clock_nanosleep,
            libc::SYS_clock_gettime,
            libc::SYS_gettid,
            libc::SYS_getpid,
            libc::SYS_getrandom,
            libc::SYS_set_robust_list,
            libc::SYS_rseq,
            libc::SYS_rt_sigprocmask,
            libc::SYS_rt_sigaction,
            libc::SYS_rt_sigreturn,
            libc::SYS_sigaltstack,
            libc::SYS_restart_syscall,
            libc::SYS_exit,
            libc::SYS_exit_group,
        ]
        .into_iter()
        .map(|call| (call, Vec::new()))
        .collect();
        let only = |op, value| -> Result<Vec<SeccompRule>, Box<dyn Error>> {
            Ok(vec![SeccompRule::new(vec![SeccompCondition::new(0, SeccompCmpArgLen::Dword, op, value)?])?])
        };
        let thread = libc::CLONE_THREAD as u64;
        rules.insert(libc::SYS_clone, only(SeccompCmpOp::MaskedEq(thread), thread)?);
        rules.insert(libc::SYS_prctl, only(SeccompCmpOp::Eq, libc::PR_SET_NAME as u64)?);
        Ok(rules)
    }
}

/// Tries to get out and prints what could be done; success is that nothing could.
pub fn probe(entered: &Entered) -> ExitCode {
    use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
    let address = SocketAddr::from(([127, 0, 0, 1], 1));
    let tries: [(&str, bool); 8] = [
        ("read a file", std::fs::File::open("/proc/self/status").is_ok() || std::fs::read("/etc/hostname").is_ok()),
        ("list a folder", std::fs::read_dir("/").is_ok()),
        ("write a file", std::fs::write("/tmp/vigie-probe", "x").is_ok()),
        // Refused by the peer is no proof; refused by the kernel is another kind of error.
        ("connect", !TcpStream::connect(address).is_err_and(|e| e.kind() != std::io::ErrorKind::ConnectionRefused)),
        ("listen", TcpListener::bind("127.0.0.1:0").is_ok()),
        ("send", UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("pair sockets", std::os::unix::net::UnixStream::pair().is_ok()),
        ("start a program", std::process::Command::new("/bin/true").status().is_ok()),
    ];
    let could: Vec<&str> = tries.iter().filter(|(_, could)| *could).map(|(what, _)| *what).collect();
    println!("could: {}", could.join(", "));
    let threads = std::thread::Builder::new().spawn(|| ()).is_ok_and(|t| t.join().is_ok());
    println!("threads: {threads}");
    println!("unprivileged: {}", entered.unprivileged);
    println!("landlock: {}", entered.landlock);
    ExitCode::from(u8::from(!could.is_empty() || !threads))
}
