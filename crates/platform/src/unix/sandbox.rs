//! What a worker gives up before it sees evidence: root and every capability, files and sockets by Landlock, every system
//! call it has no use for by seccomp, new privileges for ever (memory and time: `confine`). A kernel without Landlock still
//! has seccomp, which alone denies opening anything, and it is said so; without seccomp there is no worker.

use crate::Held;
use landlock::{ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope};
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

pub fn enter() -> Result<Held, Box<dyn Error>> {
    let unprivileged = step_down()?;
    // After that, for another user's process would not get the signal any more.
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    let landlock = without_landlock() || landlock()?;
    seccomp()?;
    Ok(Held { landlock: landlock && !without_landlock(), unprivileged })
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
