//! What must hold for any rows.

use proptest::collection::vec;
use proptest::prelude::*;

use super::bootstrap::replicate;
use super::measure::{Measures, Settings, measure};
use super::panel::{KINDS, Panel};
use super::ranking;
use super::reliability::{Binning, Bins, summary, table};
use super::sample::{from_rows, pick, three};
use super::scored::Scored;

/// Labelled rows of a binary head with many ties.
fn rows() -> impl Strategy<Value = Vec<(usize, f64)>> {
    vec((0..2_usize, (0..=20_u32).prop_map(|twentieths| f64::from(twentieths) / 20.0)), 2..40)
}

/// Three classes: a choice of the sample's rows.
fn three_classes() -> impl Strategy<Value = Scored> {
    vec(0..200_usize, 2..40).prop_map(|order| pick(&three(), &order))
}

fn agree(found: &[Option<f64>], expected: &[Option<f64>]) -> bool {
    found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-9,
            (found, expected) => found == expected,
        })
}

fn values(measures: &Measures) -> Vec<Option<f64>> {
    KINDS.iter().map(|kind| measures.get(kind.name)).collect()
}

fn quick() -> Settings {
    Settings { replicates: 60, ..Settings::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn auc_and_average_precision_depend_on_the_order_of_scores_alone(rows in rows()) {
        let squeezed: Vec<(usize, f64)> = rows.iter().map(|&(gold, p)| (gold, 0.1 + 0.5 * p * p)).collect();
        let (plain, squeezed) = (from_rows(&rows), from_rows(&squeezed));
        prop_assert_eq!(ranking::auc(&plain), ranking::auc(&squeezed));
        prop_assert_eq!(ranking::average_precision(&plain), ranking::average_precision(&squeezed));
    }

    #[test]
    fn exchanging_the_classes_keeps_auc(rows in rows()) {
        let exchanged: Vec<(usize, f64)> = rows.iter().map(|&(gold, p)| (1 - gold, 1.0 - p)).collect();
        let (plain, exchanged) = (ranking::auc(&from_rows(&rows)), ranking::auc(&from_rows(&exchanged)));
        prop_assert!(agree(&[plain], &[exchanged]));
    }

    #[test]
    fn a_multiplicity_is_the_same_as_equal_rows(scored in three_classes(), times in vec(0..4_u32, 40)) {
        let times = &times[..scored.len()];
        let order: Vec<usize> = (0..scored.len()).flat_map(|row| std::iter::repeat_n(row, times[row] as usize)).collect();
        prop_assume!(!order.is_empty());
        let repeated = pick(&scored, &order);
        let expected = Panel::new(&repeated).read(&repeated.ones()).values();
        prop_assert!(agree(&Panel::new(&scored).read(times).values(), &expected));
        for kind in [Binning::EqualMass, Binning::EqualWidth] {
            let bins = Bins { count: 5, kind };
            let (found, expected) = (table(&scored, bins, times), table(&repeated, bins, &repeated.ones()));
            prop_assert!(agree(&[Some(summary(&found))], &[Some(summary(&expected))]));
        }
    }

    #[test]
    fn the_order_of_rows_has_no_influence(
        (scored, order) in three_classes().prop_flat_map(|scored| {
            let order: Vec<usize> = (0..scored.len()).collect();
            (Just(scored), Just(order).prop_shuffle())
        })
    ) {
        let (plain, shuffled) = (measure(&scored, &quick()).unwrap(), measure(&pick(&scored, &order), &quick()).unwrap());
        prop_assert!(agree(&values(&plain), &values(&shuffled)));
        prop_assert_eq!(&plain.coverage, &shuffled.coverage);
        prop_assert_eq!(&plain.confusion, &shuffled.confusion);
        for ((_, a), (_, b)) in plain.intervals.iter().zip(shuffled.intervals.iter()) {
            prop_assert!(agree(&a.map_or([None; 2], |ends| ends.map(Some)), &b.map_or([None; 2], |ends| ends.map(Some))));
        }
    }

    #[test]
    fn measures_stay_in_their_ranges(scored in three_classes(), rows in rows()) {
        for scored in [scored, from_rows(&rows)] {
            let measures = measure(&scored, &Settings { replicates: 0, ..quick() }).unwrap();
            for kind in KINDS {
                if let Some(value) = measures.get(kind.name) {
                    prop_assert!((kind.range[0]..=kind.range[1] + 1e-12).contains(&value), "{} {}", kind.name, value);
                }
            }
        }
    }
}

#[test]
fn one_thread_or_two_give_the_same_replicates() {
    let scored = three();
    let panel = Panel::new(&scored);
    let with_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| replicate(&scored, 100, 7, |times| panel.read(times).values()))
    };
    assert_eq!(with_threads(1), with_threads(2));
}
