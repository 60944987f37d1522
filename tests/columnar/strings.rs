//! Arrow columns of text, in any of the ways that Arrow holds them.

use arrow_array::types::Int16Type;
use arrow_array::{ArrayRef, DictionaryArray, Int16Array, LargeStringArray, StringArray, StringViewArray, UInt64Array};
use parallax::corpus::{SharedText, Strings};
use std::sync::Arc;

#[test]
fn every_type_of_strings_reads_alike_and_shares_its_text() {
    let texts = [Some("One."), None, Some("Two, which is longer than a view."), Some("One.")];
    let dictionary: DictionaryArray<Int16Type> = texts.into_iter().collect();
    let with_null = DictionaryArray::new(
        Int16Array::from(vec![1, 0, 2, 1]),
        Arc::new(StringArray::from(vec![None, texts[0], texts[2]])),
    );
    let columns: [ArrayRef; 5] = [
        Arc::new(StringArray::from_iter(texts)),
        Arc::new(LargeStringArray::from_iter(texts)),
        Arc::new(StringViewArray::from_iter(texts)),
        Arc::new(dictionary),
        Arc::new(with_null),
    ];
    for column in columns {
        let strings = Strings::of(&column).unwrap();
        let shared: Vec<Option<SharedText>> = (0..5).map(|row| strings.share(row)).collect();
        let read: Vec<Option<&str>> = shared.iter().map(|text| text.as_ref().map(|text| (**text).as_ref())).collect();
        assert_eq!(read, [&texts[..], &[None]].concat(), "{}", column.data_type());
        assert_eq!(strings.get(2).unwrap().as_ptr(), read[2].unwrap().as_ptr());
    }
}

#[test]
fn whole_numbers_are_no_strings() {
    let column: ArrayRef = Arc::new(UInt64Array::from(vec![Some(u64::MAX), None]));
    assert!(Strings::of(&column).is_none());
}

#[test]
fn a_dictionary_without_a_value_has_nulls_alone() {
    let none: DictionaryArray<Int16Type> = vec![None::<&str>, None].into_iter().collect();
    let strings = Strings::of(&(Arc::new(none) as ArrayRef)).unwrap();
    assert_eq!((strings.get(0), strings.get(1)), (None, None));
}
