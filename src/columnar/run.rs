//! A corpus → tables in files, in parts that are finished one by one.
//!
//! In: [`Inputs`], a [`Desk`] and a [`Run`]. Out: files in a folder. Start at [`Run::over`]. While a part is scored, the one
//! before it is written and the next is read, so that all threads have something to do. Memory holds three parts,
//! however long the corpus; and of each id some 20 to 40 bytes, to tell records of one id.
//!
//! Where a part ends depends on the entries alone. A run that goes on reads the entries of finished parts again, for their ids, but
//! does not score them; its files are the same as those of a run that nothing interrupted.

use super::kept::{KeptColumns, size};
use super::part::{Finished, Part, table_file};
use super::publish::publish;
use super::schema::Schemas;
use super::scored::{Chunk, Scoring};
use super::table::{Form, Table};
use super::work::{Plan, Work};
use crate::corpus::{Entry, Inputs, Kept};
use crate::error::{Error, Result};
use crate::score::{Desk, Options};
use crate::text::Document;
use arrow_array::RecordBatch;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A part ends with this many entries, or when the texts of its documents reach [`Run::part_bytes`].
const PART_ENTRIES: usize = 100_000;

/// What is made of a corpus.
#[derive(Debug, Clone)]
pub struct Run {
    /// The tables, in the order that they are written in.
    pub tables: Vec<Table>,
    /// What their files are.
    pub form: Form,
    /// How documents are scored, and the unit of offsets. Tables have no place for reasons.
    pub options: Options,
    /// The names of the kept columns in the table of documents, in the order of [`Columns::keep`](crate::corpus::Columns::keep).
    pub keep: Vec<String>,
    /// Bytes of text and kept columns in a part, which is a row group; at least one document.
    pub part_bytes: usize,
    /// Whether to stop at the first record that cannot be used. What is finished by then can be gone on from.
    pub is_strict: bool,
    /// Whether to go on with the run that was interrupted in the folder, if there is one.
    pub resume: bool,
    /// What the run does, in words, to tell whether one that is gone on with did the same. The models are added.
    pub plan: Plan,
}

/// What happens in a run.
#[derive(Debug)]
pub enum Event<'e> {
    /// A record cannot be used; it stands in the rejects.
    Rejected(&'e Error),
    /// Some more documents are scored.
    Scored {
        /// Documents so far, with those of finished parts.
        documents: usize,
        /// Bytes of the inputs that they took; see [`Inputs::position`].
        position: u64,
    },
}

/// What a run has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Documents that were scored.
    pub documents: usize,
    /// Records that could not be used.
    pub rejected: usize,
    /// Documents that were in finished parts already.
    pub resumed: usize,
    /// Documents of which nothing is scored, since there is no model for their language.
    pub unsupported: usize,
}

/// A line of the rejects.
#[derive(Serialize)]
struct Reject<'e> {
    input: Option<String>,
    line: Option<usize>,
    reason: &'e str,
    cure: &'e str,
}

impl Run {
    /// Scores the entries of `inputs` on the threads of the current pool, and writes the tables and the rejects to `folder`,
    /// which is there.
    ///
    /// # Errors
    /// As [`Schemas::new`]; [`Error::Write`]; [`Error::Settings`] where an unfinished run is in the way, or is another one; with
    /// `is_strict` what is wrong with a record.
    pub fn over(
        &self,
        inputs: &mut Inputs,
        desk: &Desk,
        folder: &Path,
        tell: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<Ended> {
        let mut plan = self.plan.clone();
        let models: Vec<String> = desk.scorers()?.iter().map(|scorer| scorer.name().sha256).collect();
        plan.insert("models".into(), models.join(" "));
        plan.insert("version".into(), env!("CARGO_PKG_VERSION").into());
        self.refuse_others(folder)?;
        let mut work = Work::open(folder, &plan, self.resume)?;
        let ended = self.parts(inputs, desk, &mut work, tell).and_then(|(ended, schemas)| {
            publish(folder, &work.path, work.parts.len(), &schemas, (&self.tables, self.form))?;
            Ok(ended)
        });
        // What has finished parts is kept where it failed, to be gone on with.
        if ended.is_ok() || !work.has_finished_parts() {
            work.remove()?;
        }
        ended
    }

    /// Refuses a folder with tables that would stay beside those of this run, and be taken for its.
    fn refuse_others(&self, folder: &Path) -> Result<()> {
        for (table, form) in Table::ALL.into_iter().flat_map(|table| Form::ALL.map(|form| (table, form))) {
            let path = folder.join(table_file(table, form));
            if path.exists() && !(self.tables.contains(&table) && form == self.form) {
                return Err(Error::Settings {
                    setting: "--out".into(),
                    found: format!("{}, which this run does not write", path.display()),
                    expected: "another folder, or that file removed: it would be taken for one of this run's".into(),
                });
            }
        }
        Ok(())
    }

    /// Makes all parts that are not finished.
    fn parts(
        &self,
        inputs: &mut Inputs,
        desk: &Desk,
        work: &mut Work,
        tell: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<(Ended, Schemas)> {
        let resumed = work.finished().documents;
        let mut entries = Entries::new(inputs, self);
        entries.pass_over(&work.parts)?;
        let mut next = Some(entries.part(tell));
        let kept = entries.kept_by_now();
        let schemas = Schemas::new(desk, self.options.offsets, kept.fields())?;
        let scoring = Scoring { desk, options: &self.options, schemas: &schemas, wanted: &self.tables };
        let mut scored: Option<Scored> = None;
        // At least one part, so that a corpus without a document has tables too.
        while let Some(part) = next.take() {
            let (number, path, before) = (work.parts.len(), work.path.as_path(), work.finished());
            let (mut written, mut made) = (Ok(()), Ok(None));
            let write = || scored.as_ref().map_or(Ok(()), |done| self.write(done, &schemas, path, number - 1));
            rayon::scope(|scope| {
                scope.spawn(|_| written = write());
                if !part.is_last {
                    scope.spawn(|_| next = Some(entries.part(tell)));
                }
                made = self.scored(&scoring, &kept, part, &before, tell).map(Some);
            });
            written?;
            scored = made?;
            if let Some(error) = scored.as_mut().and_then(|scored| scored.stopped_by.take()) {
                return Err(error);
            }
            work.parts.extend(scored.as_ref().map(|scored| scored.finished.clone()));
        }
        let Finished { documents, rejected, unsupported, .. } = work.finished();
        if documents == 0 && rejected > 0 {
            return Err(Error::Data {
                what: "inputs".into(),
                found: format!("no record that can be used, of {rejected}"),
                expected: "one at least".into(),
                cure: "mend what the errors before this one say; no table was written".into(),
            });
        }
        if let Some(scored) = &scored {
            self.write(scored, &schemas, &work.path, work.parts.len() - 1)?;
        }
        Ok((Ended { documents, rejected, resumed, unsupported }, schemas))
    }

    /// What becomes of the entries of a part.
    fn scored(
        &self,
        scoring: &Scoring<'_>,
        kept: &KeptColumns,
        part: Entered,
        before: &Finished,
        tell: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<Scored> {
        let columns = kept.batch(&part.kept)?;
        let (all, scored) = (part.documents.len(), AtomicUsize::new(0));
        let done = |some: usize| {
            let scored = scored.fetch_add(some, Ordering::Relaxed) + some;
            let bytes = (part.end - part.start) * scored as u64 / all as u64;
            tell(Event::Scored { documents: before.documents + scored, position: part.start + bytes });
        };
        let chunks = scoring.chunks(&part.documents, columns.as_ref(), &done)?;
        let mut refused = part.refused;
        let mut tables = vec![Vec::with_capacity(chunks.len()); self.tables.len()];
        let documents = part.documents.len();
        let (mut unscored, mut unsupported) = (0, 0);
        for Chunk { batches, refused: errors, unsupported: others } in chunks {
            unscored += errors.len();
            unsupported += others;
            refused.extend(errors.into_iter().map(|(_, error)| error));
            tables.iter_mut().zip(batches).for_each(|(table, batch)| table.push(batch));
        }
        let finished = Finished {
            entries: before.entries + part.entries,
            documents: before.documents + documents - unscored,
            rejected: before.rejected + refused.len(),
            unsupported: before.unsupported + unsupported,
            digest: part.digest,
        };
        let rejects = rejects(&refused);
        let stopped_by = refused.into_iter().next().filter(|_| self.is_strict);
        Ok(Scored { tables, rejects, finished, stopped_by })
    }

    fn write(&self, scored: &Scored, schemas: &Schemas, work: &Path, number: usize) -> Result<()> {
        let tables = self.tables.iter().zip(&scored.tables);
        let part = Part {
            form: self.form,
            tables: tables.map(|(table, batches)| (*table, schemas.of(*table), batches.as_slice())).collect(),
            rejects: &scored.rejects,
            finished: &scored.finished,
        };
        part.write(work, number)
    }
}

/// A part that is scored.
struct Scored {
    tables: Vec<Vec<RecordBatch>>,
    rejects: Vec<u8>,
    finished: Finished,
    /// What the run is to stop at.
    stopped_by: Option<Error>,
}

/// The entries of a part.
struct Entered {
    /// How many there were, with those that are refused.
    entries: usize,
    documents: Vec<Document>,
    /// Of each document.
    kept: Vec<Kept>,
    refused: Vec<Error>,
    is_last: bool,
    /// Where in the bytes of the inputs it begins and ends.
    start: u64,
    end: u64,
    /// Of all entries so far.
    digest: String,
}

/// Reads parts.
struct Entries<'a> {
    inputs: &'a mut Inputs,
    run: &'a Run,
    /// Known from the first entry on.
    kept: Option<KeptColumns>,
    /// Of what was read, to tell whether a run that goes on reads the same.
    digest: Sha256,
}

impl<'a> Entries<'a> {
    fn new(inputs: &'a mut Inputs, run: &'a Run) -> Self {
        Self { inputs, run, kept: None, digest: Sha256::new() }
    }

    /// Reads the entries of finished parts again.
    ///
    /// # Errors
    /// [`Error::Settings`] where they are not the same.
    fn pass_over(&mut self, parts: &[Finished]) -> Result<()> {
        let mut passed = 0;
        for part in parts {
            while passed < part.entries {
                let Some(read) = self.next() else { break };
                drop(read);
                passed += 1;
            }
            self.kept_by_now();
            if self.digested() != part.digest {
                return Err(Error::Settings {
                    setting: "--resume".into(),
                    found: format!("other records than before among the first {}", part.entries),
                    expected: "the inputs of the run to go on with; to start again, remove its folder".into(),
                });
            }
        }
        Ok(())
    }

    /// The next entry, with its kept columns in the types of the first one's.
    fn next(&mut self) -> Option<Result<Entry>> {
        let read = self.inputs.next_entry()?.and_then(|entry| self.admitted(entry));
        let said = match &read {
            Ok(entry) => [entry.document.id(), entry.document.text()],
            Err(_) => ["", ""],
        };
        for said in said {
            self.digest.update(said.len().to_le_bytes());
            self.digest.update(said);
        }
        Some(read)
    }

    fn digested(&self) -> String {
        self.digest.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The kept columns. What the first part does not decide on is text.
    fn kept_by_now(&mut self) -> KeptColumns {
        self.kept.get_or_insert_with(|| KeptColumns::of(&self.run.keep, None)).clone()
    }

    /// The next part; at the end of the inputs one that is the last.
    fn part(&mut self, tell: &(dyn Fn(Event<'_>) + Sync)) -> Entered {
        let start = Inputs::position(self.inputs);
        let mut part = Entered {
            entries: 0,
            documents: Vec::new(),
            kept: Vec::new(),
            refused: Vec::new(),
            is_last: false,
            start,
            end: start,
            digest: String::new(),
        };
        let mut bytes = 0;
        while part.entries < PART_ENTRIES && bytes < self.run.part_bytes {
            let Some(read) = self.next() else {
                part.is_last = true;
                break;
            };
            part.entries += 1;
            match read {
                Ok(entry) => {
                    bytes += entry.document.text().len() + size(&entry.kept);
                    part.documents.push(entry.document);
                    part.kept.push(entry.kept);
                }
                Err(error) if self.run.is_strict => {
                    part.refused.push(error);
                    part.is_last = true;
                    break;
                }
                Err(error) => {
                    tell(Event::Rejected(&error));
                    part.refused.push(error);
                }
            }
        }
        part.end = Inputs::position(self.inputs).max(start);
        part.digest = self.digested();
        part
    }

    /// The entry with its kept columns in the types of the first one's.
    fn admitted(&mut self, entry: Entry) -> Result<Entry> {
        let columns = self.kept.get_or_insert_with(|| KeptColumns::of(&self.run.keep, Some(&entry.kept)));
        let Entry { place, document, kept } = entry;
        match columns.fit(kept) {
            Ok(kept) => Ok(Entry { place, document, kept }),
            Err((found, expected)) => {
                let cure = "correct the value, or convert the column to one type in all inputs".into();
                Err(Error::Input { place, found, expected, cure })
            }
        }
    }
}

/// A line for each error.
fn rejects(errors: &[Error]) -> Vec<u8> {
    let line = |error: &Error| {
        let place = error.place();
        let (reason, cure) = (error.to_string(), error.cure());
        let input = place.as_ref().map(|place| place.path.display().to_string());
        let reject = Reject { input, line: place.and_then(|place| place.line), reason: &reason, cure: &cure };
        let mut line = serde_json::to_vec(&reject).unwrap_or_default();
        line.push(b'\n');
        line
    };
    errors.iter().flat_map(line).collect()
}
