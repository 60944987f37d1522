//! Where results go: standard output, or a file that is whole or not there.
//!
//! In: bytes. Out: the same bytes on standard output, or under the name of `--out` once
//! [`Output::finish`] was called: until then they stand in a temporary file beside it, which goes away
//! if the run fails. Start at [`Output::open`]. Errors to write are [`Error::Write`];
//! [`is_closed_pipe`] tells the one that is no error: a reader, such as `head`, that has enough.

use crate::error::{Error, Result};
use std::fs::{self, File};
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{self, Path, PathBuf};
use tempfile::NamedTempFile;

const STDOUT: &str = "<stdout>";

/// An open output. Its [`Write`] is buffered.
#[derive(Debug)]
pub(super) struct Output {
    /// As the user named it.
    path: PathBuf,
    sink: Sink,
}

#[derive(Debug)]
enum Sink {
    Stdout(BufWriter<Stdout>),
    /// Something that cannot be replaced by a file, such as a device or a named pipe.
    Device(BufWriter<File>),
    /// What is written so far, and the name it will get.
    File(BufWriter<NamedTempFile>, PathBuf),
}

impl Output {
    /// Standard output, or the file `out`.
    pub(super) fn open(out: Option<&Path>) -> Result<Self> {
        let Some(path) = out else {
            return Ok(Self { path: STDOUT.into(), sink: Sink::Stdout(BufWriter::new(io::stdout())) });
        };
        let sink = Sink::open(path).map_err(|source| Error::Write { path: path.to_path_buf(), source })?;
        Ok(Self { path: path.to_path_buf(), sink })
    }

    /// The error for what writing to this output said.
    pub(super) fn refused(&self) -> impl Fn(io::Error) -> Error + use<> {
        let path = self.path.clone();
        move |source| Error::Write { path: path.clone(), source }
    }

    /// Sees everything written; a file gets its name.
    pub(super) fn finish(mut self) -> Result<()> {
        self.settle()?;
        self.publish()
    }

    /// The same for several: no file gets its name before all of them are written.
    pub(super) fn finish_all(mut outputs: Vec<Self>) -> Result<()> {
        outputs.iter_mut().try_for_each(Self::settle)?;
        outputs.into_iter().try_for_each(Self::publish)
    }

    /// Hands on what is held back.
    fn settle(&mut self) -> Result<()> {
        let refused = self.refused();
        self.flush().map_err(&refused)?;
        match &self.sink {
            Sink::File(out, _) => out.get_ref().as_file().sync_all().map_err(refused),
            Sink::Stdout(_) | Sink::Device(_) => Ok(()),
        }
    }

    /// Gives a file its name.
    fn publish(self) -> Result<()> {
        let refused = self.refused();
        if let Sink::File(out, target) = self.sink {
            let file = out.into_inner().map_err(|e| refused(e.into_error()))?;
            file.persist(target).map_err(|e| refused(e.error))?;
        }
        Ok(())
    }
}

impl Sink {
    fn open(path: &Path) -> io::Result<Self> {
        if is_folder(path) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        match fs::metadata(path) {
            Ok(meta) if !meta.is_file() => {
                let device = File::options().write(true).open(path)?;
                return Ok(Self::Device(BufWriter::new(device)));
            }
            _ => {}
        }
        // Through a link, the file it leads to is replaced, not the link.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".parallax-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: what the umask leaves of it.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder)?;
        Ok(Self::File(BufWriter::new(file), target))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Stdout(out) => out.write(bytes),
            Sink::Device(out) => out.write(bytes),
            Sink::File(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Stdout(out) => out.flush(),
            Sink::Device(out) => out.flush(),
            Sink::File(out, _) => out.flush(),
        }
    }
}

/// Whether a path names a folder: it is one, or ends in a separator.
pub(super) fn is_folder(path: &Path) -> bool {
    let last = path.as_os_str().as_encoded_bytes().last();
    path.is_dir() || last.is_some_and(|&byte| path::is_separator(char::from(byte)))
}

/// The error for what writing to `out`, or standard output, said.
pub(super) fn refused(out: Option<&Path>) -> impl Fn(io::Error) -> Error + use<> {
    let path = out.unwrap_or(Path::new(STDOUT)).to_path_buf();
    move |source| Error::Write { path: path.clone(), source }
}

/// Writes a finished text to `out` or standard output.
pub(super) fn write_all(out: Option<&Path>, text: &[u8]) -> Result<()> {
    let mut output = Output::open(out)?;
    let refused = output.refused();
    output.write_all(text).map_err(refused)?;
    output.finish()
}

/// Whether an error only says that nobody reads on.
pub(super) fn is_closed_pipe(error: &Error) -> bool {
    matches!(error, Error::Write { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_that_is_there_or_ends_in_a_slash_and_is_no_output() {
        let root = tempfile::tempdir().unwrap();
        for folder in [root.path().to_path_buf(), root.path().join("new/")] {
            assert!(is_folder(&folder));
            assert!(Output::open(Some(&folder)).is_err());
        }
        assert!(!is_folder(&root.path().join("new.csv")));
        assert!(!is_folder(Path::new("")));
    }

    #[test]
    fn no_file_has_its_name_before_all_are_finished() {
        let root = tempfile::tempdir().unwrap();
        let paths = ["a", "b"].map(|name| root.path().join(name));
        let outputs = paths.iter().map(|path| {
            let mut output = Output::open(Some(path)).unwrap();
            output.write_all(b"text").unwrap();
            output
        });
        let outputs: Vec<Output> = outputs.collect();
        assert!(paths.iter().all(|path| !path.exists()));
        Output::finish_all(outputs).unwrap();
        assert!(paths.iter().all(|path| fs::read(path).unwrap() == b"text"));
    }
}
