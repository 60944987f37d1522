//! Several pieces of work, timed in turns.
//!
//! In: pieces of [`Work`] and a clock. Out: [`Timed`], what each took in each round. Start at [`take`]. Every round does
//! all of them in one order, so a machine that gets slower slows all alike. A piece that is soon done is done several
//! times a round, so that the clock's grain does not show.

use super::estimate::median;
use crate::error::Result;

/// So many rounds are taken where the time asked for is enough.
pub const MOST_ROUNDS: usize = 30;

/// So many are taken although it is not: fewer would have no spread.
pub const FEWEST_ROUNDS: usize = 7;

/// A piece is done at most so many times a round.
const MOST_PASSES: f64 = 10_000.0;

/// A piece of work.
pub struct Work<'a> {
    /// How many items it has that are timed one by one; 0 where it is timed as a whole.
    pub items: usize,
    /// Does one item, or all of it.
    pub run: Box<dyn FnMut(usize) -> Result<()> + 'a>,
}

impl<'a> Work<'a> {
    /// Work that is timed as a whole.
    pub fn whole(mut run: impl FnMut() -> Result<()> + 'a) -> Self {
        Self { items: 0, run: Box::new(move |_| run()) }
    }

    /// Work of `items` that are timed one by one.
    pub fn items(items: usize, run: impl FnMut(usize) -> Result<()> + 'a) -> Self {
        Self { items, run: Box::new(run) }
    }

    /// Does it once, and adds what it took; each item's time goes to `items`.
    fn pass(&mut self, clock: &dyn Fn() -> f64, items: &mut Vec<f64>) -> Result<f64> {
        let mut sum = 0.0;
        for item in 0..self.items.max(1) {
            let start = clock();
            (self.run)(item)?;
            let took = clock() - start;
            sum += took;
            if self.items > 0 {
                items.push(took);
            }
        }
        Ok(sum)
    }
}

impl std::fmt::Debug for Work<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("items", &self.items).finish_non_exhaustive()
    }
}

/// What a piece of work took.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timed {
    /// Of each round the seconds of one pass; where there were several, their median, which no interruption moves.
    pub rounds: Vec<f64>,
    /// Of each round the seconds of each item of each pass.
    pub items: Vec<Vec<f64>>,
}

/// Times each piece in as many rounds as fit into `seconds` a piece, [`FEWEST_ROUNDS`] to [`MOST_ROUNDS`]. `clock` tells
/// seconds from some point on; `progress` is told how many rounds there will be before each of them.
///
/// # Errors
/// The first that a piece of work gives.
pub fn take(
    works: &mut [Work<'_>],
    seconds: f64,
    clock: &dyn Fn() -> f64,
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<Timed>> {
    let mut warm = Vec::with_capacity(works.len());
    for work in works.iter_mut() {
        // The first pass fills caches; the second says how long a pass takes.
        work.pass(clock, &mut Vec::new())?;
        warm.push(work.pass(clock, &mut Vec::new())?.max(1e-9));
    }
    let in_round = seconds / MOST_ROUNDS as f64;
    let passes: Vec<usize> = warm.iter().map(|took| (in_round / took).clamp(1.0, MOST_PASSES) as usize).collect();
    let a_round: f64 = warm.iter().zip(&passes).map(|(took, passes)| took * *passes as f64).sum();
    let fitting = (seconds * works.len() as f64 / a_round.max(1e-9)) as usize;
    let rounds = fitting.clamp(FEWEST_ROUNDS, MOST_ROUNDS);
    let mut timed = vec![Timed::default(); works.len()];
    for _ in 0..rounds {
        progress(rounds);
        for ((work, timed), passes) in works.iter_mut().zip(&mut timed).zip(&passes) {
            let (mut each, mut items) = (Vec::with_capacity(*passes), Vec::new());
            for _ in 0..*passes {
                each.push(work.pass(clock, &mut items)?);
            }
            timed.rounds.push(median(&each).unwrap_or_default());
            if work.items > 0 {
                timed.items.push(items);
            }
        }
    }
    Ok(timed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::error::Error;
    use std::cell::{Cell, RefCell};

    #[test]
    fn pieces_take_turns_and_each_gets_its_own_time() {
        let now = Cell::new(0.0);
        let order = RefCell::new(String::new());
        let work = |name: char, took: f64| {
            let (now, order) = (&now, &order);
            Work::whole(move || {
                order.borrow_mut().push(name);
                now.set(now.get() + took);
                Ok(())
            })
        };
        let mut told = 0;
        let mut works = [work('a', 1.0), work('b', 3.0)];
        let timed = take(&mut works, 1.0, &|| now.get(), &mut |_| told += 1).unwrap();
        assert_eq!(timed[0].rounds, [1.0; FEWEST_ROUNDS]);
        assert_eq!(timed[1].rounds, [3.0; FEWEST_ROUNDS]);
        assert_eq!(*order.borrow(), "aabb".to_owned() + &"ab".repeat(FEWEST_ROUNDS));
        assert_eq!(told, FEWEST_ROUNDS);
    }

    #[test]
    fn what_is_soon_done_is_done_several_times_a_round() {
        let (now, done) = (Cell::new(0.0), Cell::new(0));
        let mut works = [Work::items(2, |item| {
            done.set(done.get() + 1);
            now.set(now.get() + if item == 0 { 0.001 } else { 0.003 });
            Ok(())
        })];
        let timed = take(&mut works, 3.0, &|| now.get(), &mut |_| ()).unwrap();
        assert_eq!(timed[0].rounds.len(), MOST_ROUNDS);
        assert!(timed[0].items.iter().all(|items| items.len() >= 40), "{}", timed[0].items[0].len());
        assert!(timed[0].rounds.iter().all(|took| (took - 0.004).abs() < 1e-9));
        assert_eq!(done.get(), 4 + timed[0].items.iter().map(Vec::len).sum::<usize>());
    }

    #[test]
    fn an_error_ends_it() {
        let mut works = [Work::whole(|| Err(Error::Tokenizer("no".into())))];
        assert!(take(&mut works, 1.0, &|| 0.0, &mut |_| ()).is_err());
    }
}
