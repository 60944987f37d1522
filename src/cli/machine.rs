//! The machine, as far as it bears on speed, and what this process takes of it.
//!
//! In: what the system tells. Out: [`facts`], [`peak_memory`], [`start_up`]. Nothing here names the machine or its user.

use crate::bench::Machine;
use crate::error::{Error, Result};
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

/// System, architecture and processor.
pub(super) fn facts() -> Machine {
    Machine {
        os: env::consts::OS.to_owned(),
        arch: env::consts::ARCH.to_owned(),
        cores: thread::available_parallelism().map_or(1, Into::into),
        cpu: fs::read_to_string("/proc/cpuinfo").ok().as_deref().and_then(cpu),
    }
}

/// The largest resident set of this process so far, in bytes; `None` where there is no `/proc`.
pub(super) fn peak_memory() -> Option<u64> {
    high_water(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The program itself, to be started.
pub(super) fn program() -> Option<PathBuf> {
    env::current_exe().ok().filter(|program| start_up(program.clone()).is_ok())
}

/// Starts the program, which says its version to nobody, and waits for its end.
pub(super) fn start_up(program: PathBuf) -> Result<()> {
    let mut command = Command::new(&program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().map(drop).map_err(|source| Error::Read { path: program, source })
}

/// The processor's name in the words of `/proc/cpuinfo`.
fn cpu(told: &str) -> Option<String> {
    let named = |line: &str| {
        line.split_once(':').filter(|(key, _)| key.trim() == "model name").map(|(_, name)| name.trim().to_owned())
    };
    told.lines().find_map(named).filter(|name| !name.is_empty())
}

/// The line `VmHWM` in the words of `/proc/self/status`, in bytes.
fn high_water(told: &str) -> Option<u64> {
    let value = told.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_processor_are_read_as_linux_tells_them_and_nothing_is_made_up() {
        assert_eq!(high_water("VmPeak:\t 9 kB\nVmHWM:\t  1024 kB\n"), Some(1 << 20));
        assert_eq!((high_water(""), high_water("VmHWM: many kB")), (None, None));
        assert_eq!(cpu("processor\t: 0\nmodel name\t: A chip @ 2 GHz\n"), Some("A chip @ 2 GHz".into()));
        assert_eq!((cpu(""), cpu("model name\t:\n")), (None, None));
    }
}
