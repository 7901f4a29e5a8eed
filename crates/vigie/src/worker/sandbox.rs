//! What a worker gives up before it sees evidence: files and sockets by Landlock, every system call it has no use for
//! by seccomp, memory and time by resource limits, new privileges for ever. A kernel without Landlock still has
//! seccomp, which alone denies opening anything; without seccomp there is no worker.

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

/// Enters the sandbox; there is no way out.
pub fn enter(threads: usize, seconds: u64) -> Result<(), Box<dyn Error>> {
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
    linux::enter()?;
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    use landlock::{ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, Scope};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    };
    use std::collections::BTreeMap;
    use std::error::Error;

    pub fn enter() -> Result<(), Box<dyn Error>> {
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
        // No rule follows: nothing that the kernel can deny is allowed.
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V6))?
            .handle_access(AccessNet::from_all(ABI::V6))?
            .scope(Scope::from_all(ABI::V6))?
            .create()?
            .restrict_self()?;
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
pub fn probe() -> ExitCode {
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
    ExitCode::from(u8::from(!could.is_empty() || !threads))
}
