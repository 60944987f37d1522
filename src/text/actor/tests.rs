//! Who is found, who speaks, and that the table treats all alike.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use proptest::prelude::*;

fn spoken_for(passage: &str) -> Option<&'static str> {
    Actors::shipped().of(passage).map(|actor| Actors::shipped().code(actor))
}

fn found(text: &str) -> Vec<(&str, &'static str, Form)> {
    let actors = Actors::shipped();
    let mentions = actors.find(text, Span::new(0, text.len())).into_iter();
    mentions.map(|m| (m.span.slice(text), actors.code(m.actor), m.form)).collect()
}

#[test]
fn the_shipped_table_can_be_read() {
    let table = Table::from_json(SHIPPED, Path::new(SHIPPED_PATH)).unwrap();
    assert!(table.actors.iter().filter(|row| row.place).count() >= 240);
    assert!(Table::from_json("{}", Path::new("x")).is_err());
    assert!(
        Table::from_json(&SHIPPED.replacen(":1,", ":2,", 1), Path::new("x"))
            .unwrap_err()
            .to_string()
            .contains("format 2")
    );
}

#[test]
fn every_place_has_a_name_and_a_capital_in_both_languages() {
    // A capital that a place of a hundred times the people has too is that place's.
    let elsewhere = ["NF"];
    for row in &shipped_table().actors {
        assert!(!row.names.en.is_empty() && !row.names.ar.is_empty(), "{}", row.code);
        if row.place && !elsewhere.contains(&row.code.as_str()) {
            assert!(!row.capitals.en.is_empty() && !row.capitals.ar.is_empty(), "{}", row.code);
        }
    }
}

#[test]
fn every_form_of_the_table_is_found_as_its_own() {
    let mut lost = Vec::new();
    for row in &shipped_table().actors {
        let columns = [
            (&row.names, Form::Name),
            (&row.seats, Form::Seat),
            (&row.capitals, Form::Capital),
            (&row.adjectives, Form::Adjective),
        ];
        for (forms, kind) in columns {
            for form in forms.all() {
                let whole = found(form).into_iter().find(|(text, ..)| text.len() == form.len());
                if whole.is_none_or(|(_, code, _)| code != row.code) {
                    lost.push(format!("{} {kind:?} {form}: {whole:?}", row.code));
                }
            }
        }
    }
    // A form that has two meanings has one of them: a seat goes before a capital.
    let brussels = ["Brussels", "بروكسل", "بروكسيل"];
    assert_eq!(lost, brussels.map(|form| format!("BE Capital {form}: Some((\"{form}\", \"EU\", Seat))")));
}

#[test]
fn each_form_says_what_it_is() {
    let text = "American officials at the White House said Washington and the U.S. would act. ";
    let expected = [
        ("American", Form::Adjective),
        ("White House", Form::Seat),
        ("Washington", Form::Capital),
        ("U.S.", Form::Name),
    ];
    assert_eq!(found(text), expected.map(|(text, form)| (text, "US", form)));
    let text = "وقالت واشنطن وللبيت الأبيض موقف والمسؤولون الأمريكيون في الولايات المتحدة";
    let expected = [
        ("واشنطن", Form::Capital),
        ("بيت الأبيض", Form::Seat),
        ("الأمريكيون", Form::Adjective),
        ("الولايات المتحدة", Form::Name),
    ];
    assert_eq!(found(text), expected.map(|(text, form)| (text, "US", form)));
}

#[test]
fn a_phrase_speaks_for_the_actor_that_it_names() {
    for (passage, code) in [
        ("US Secretary of State Antony Blinken", "US"),
        ("the White House", "US"),
        ("a Pentagon spokesperson", "US"),
        ("Israeli officials", "IL"),
        ("Palestinian officials in Ramallah", "PS"),
        ("the Kremlin", "RU"),
        ("Kyiv’s foreign minister", "UA"),
        ("Ukrainian President Volodymyr Zelensky", "UA"),
        ("Chinese foreign ministry spokeswoman Mao Ning", "CN"),
        ("Taiwan's defence ministry", "TW"),
        ("Britain's prime minister", "GB"),
        ("a UK government source", "GB"),
        ("10 Downing Street", "GB"),
        ("the Élysée", "FR"),
        ("Elysee Palace", "FR"),
        ("Turkish President Recep Tayyip Erdogan", "TR"),
        ("Turkey's foreign ministry", "TR"),
        ("Tehran", "IR"),
        ("the Iranian mission to the United Nations", "IR"),
        ("Saudi Crown Prince", "SA"),
        ("Qatar's prime minister", "QA"),
        ("the Egyptian presidency", "EG"),
        ("Jordan’s King", "JO"),
        ("South African officials", "ZA"),
        ("South Korea's military", "KR"),
        ("Pyongyang", "KP"),
        ("the Casa Rosada", "AR"),
        ("the Planalto palace", "BR"),
        ("Mexican President", "MX"),
        ("Indian officials in New Delhi", "IN"),
        ("Pakistan's army", "PK"),
        ("Malacañang", "PH"),
        ("Nigerian police", "NG"),
        ("Niger's junta", "NE"),
        ("Dutch prosecutors in The Hague", "NL"),
        ("the Vatican", "VA"),
        ("UN Secretary-General António Guterres", "UN"),
        ("the UN envoy to Syria", "UN"),
        ("NATO chief", "NATO"),
        ("the World Health Organization", "WHO"),
        ("the WHO", "WHO"),
        ("the Arab League", "LAS"),
        ("Brussels", "EU"),
        ("the US ambassador to Israel", "US"),
        ("Israel’s ambassador to the US", "IL"),
        ("US-Israeli officials", "US"),
        ("officials in Washington", "US"),
    ] {
        assert_eq!(spoken_for(passage), Some(code), "{passage}");
    }
}

#[test]
fn an_arabic_phrase_speaks_for_the_actor_that_it_names() {
    for (passage, code) in [
        ("المتحدث باسم البيت الأبيض", "US"),
        ("وزير الخارجية الأمريكي", "US"),
        ("وزير الخارجية الأميركي أنتوني بلينكن", "US"),
        ("مسؤولون إسرائيليون", "IL"),
        ("الجيش الإسرائيلي", "IL"),
        ("وزارة الصحة الفلسطينية", "PS"),
        ("السفير الأمريكي لدى إسرائيل", "US"),
        ("السفير الإسرائيلي لدى الولايات المتحدة", "IL"),
        ("الكرملين", "RU"),
        ("الناطق باسم الكرملين", "RU"),
        ("الرئاسة الأوكرانية", "UA"),
        ("وزارة الخارجية الصينية", "CN"),
        ("الرئيس الفرنسي إيمانويل ماكرون", "FR"),
        ("قصر الإليزيه", "FR"),
        ("رئيس الوزراء البريطاني", "GB"),
        ("المستشار الألماني", "DE"),
        ("الخارجية الإيرانية", "IR"),
        ("طهران", "IR"),
        ("الرئيس التركي", "TR"),
        ("ولي العهد السعودي", "SA"),
        ("وزارة الخارجية القطرية", "QA"),
        ("الرئيس المصري", "EG"),
        ("وزير المالية اللبناني", "LB"),
        ("قصر بعبدا", "LB"),
        ("الحكومة اليمنية", "YE"),
        ("الخارجية الجزائرية", "DZ"),
        ("رئيس جنوب أفريقيا", "ZA"),
        ("الحكومة الكورية الجنوبية", "KR"),
        ("كوريا الشمالية", "KP"),
        ("المسؤولون الهنود", "IN"),
        ("مسؤولا باكستانيا", "PK"),
        ("الأمين العام للأمم المتحدة", "UN"),
        ("المبعوث الأممي إلى سوريا", "UN"),
        ("الأمين العام لحلف شمال الأطلسي", "NATO"),
        ("وللاتحاد الأوروبي", "EU"),
        ("منظمة الصحة العالمية", "WHO"),
        ("جامعة الدول العربية", "LAS"),
        ("سلطنة عمان", "OM"),
    ] {
        assert_eq!(spoken_for(passage), Some(code), "{passage}");
    }
}

#[test]
fn who_names_no_actor_speaks_for_none_that_is_known() {
    for passage in [
        "Antony Blinken",
        "the mayor",
        "he",
        "a spokesman for the group",
        "told us",
        "the ambassador to Israel",
        "an expert on Iran",
        "critics of Israel",
        "Iran-backed militias",
        "pro-Russian separatists",
        "anti-Israeli protesters",
        "US-backed forces",
        "Michael Jordan",
        "the Washington Post",
        "Denzel Washington",
        "Jordan Peterson",
        "Moscow Mayor Sergei Sobyanin",
        "Chad Smith",
        "Latin American leaders",
        "a turkey farmer",
        "قال مصدر مطلع",
        "وزير المالية",
        "دعم مالي",
        "الميليشيات الموالية لإيران",
        "الفصائل المدعومة من إيران",
        "خبير في الشأن الإيراني",
        "صحيفة واشنطن بوست",
        "دول أمريكا اللاتينية",
        "مجرى الأحداث",
        "سياسة مالية",
        "البنوك",
        "الأندية",
        "منتجات الألبان",
        "اليد اليمنى",
        "Victoria",
        "مسقط رأسه",
        "أنتوني بلينكن",
        "",
    ] {
        assert_eq!(spoken_for(passage), None, "{passage}");
    }
}

#[test]
fn an_actor_is_known_by_every_name_and_by_nothing_else() {
    let actors = Actors::shipped();
    let code = |name: &str| actors.named(name).map(|actor| actors.code(actor));
    for (names, expected) in [
        (
            &["United Kingdom", "UK", "the U.K.", "Britain", "The United Kingdom", "بريطانيا", "المملكة المتحدة"][..],
            "GB",
        ),
        (&["US", "the United States", "America", " the US ", "أميركا", "الولايات المتحدة"], "US"),
        (&["the UN", "United Nations", "الأمم المتحدة"], "UN"),
        (&["the Houthis", "Ansar Allah", "الحوثيون", "الحوثيين"], "HOUTHIS"),
    ] {
        for name in names {
            assert_eq!(code(name), Some(expected), "{name}");
        }
    }
    for other in ["London", "Downing Street", "British", "بريطاني", "لندن", "us", "the", "", "a UK official", "Congo"]
    {
        assert_eq!(code(other), None, "{other}");
    }
    let with = Actors::with(vec![("the port".into(), vec!["port".into(), "harbour".into()])]);
    let port = with.named("the port").unwrap();
    assert_eq!((with.name(port), with.named("harbour"), with.named("UK").is_some()), ("the port", None, true));
}

#[test]
fn every_group_has_names_in_both_languages_and_what_is_of_it_is_it() {
    for (passage, code) in [
        ("a Hamas spokesman", "HAMAS"),
        ("the Rapid Support Forces", "RSFSD"),
        ("Houthi officials", "HOUTHIS"),
        ("حركة حماس", "HAMAS"),
        ("قوات الدعم السريع", "RSFSD"),
        ("المتحدث باسم حزب الله", "HEZBOLLAH"),
        ("مسؤولون حوثيون", "HOUTHIS"),
    ] {
        assert_eq!(spoken_for(passage), Some(code), "{passage}");
    }
    assert!(shipped_table().actors.iter().all(|row| !row.names.en.is_empty() && !row.names.ar.is_empty()));
    assert!(Actors::arabic_names().any(|name| name == "حماس") && Actors::arabic_names().all(|name| !name.is_empty()));
}

#[test]
fn a_claim_of_two_is_nobodys() {
    for form in ["Jerusalem", "القدس", "Congo", "Congolese", "State House", "عمان"] {
        assert_eq!(found(form), [], "{form}");
    }
}

#[test]
fn a_headline_in_title_case_keeps_its_capitals() {
    assert_eq!(found("Moscow Says Drones Struck Large Depot Overnight"), [("Moscow", "RU", Form::Capital)]);
    assert_eq!(found("Paris Mayor Opens Large Swimming Pool"), []);
}

#[test]
fn the_users_entries_go_first_and_add_to_an_actor_of_that_name() {
    let entry = |name: &str, forms: &[&str]| (name.to_owned(), forms.iter().map(|form| (*form).to_owned()).collect());
    let actors = Actors::with(vec![
        entry("United States", &["United States", "Kirby", "Blinken"]),
        entry("the alliance", &["NATO", "alliance"]),
        entry("الأردن", &["عمان"]),
    ]);
    let name = |passage| actors.of(passage).map(|actor| (actors.code(actor), actors.name(actor)));
    assert_eq!(name("John Kirby"), Some(("US", "United States")));
    assert_eq!(name("the NATO chief"), Some(("", "the alliance")));
    assert_eq!(name("عمان"), Some(("JO", "Jordan")));
    assert_eq!(actors.len(), Actors::shipped().len() + 1);
    assert_eq!(actors.coded("US").map(|us| actors.arabic_name(us)), Some("الولايات المتحدة"));
    assert_eq!((actors.coded(""), actors.name(9999)), (None, ""));
}

#[test]
fn a_long_text_without_a_space_is_read_once() {
    let text = "Paris,".repeat(50_000);
    assert_eq!(Actors::shipped().find(&text, Span::new(0, text.len())).len(), 50_000);
}

proptest! {
    #[test]
    fn mentions_are_in_order_apart_and_on_boundaries(
        text in "(\\PC|US|U\\.S\\.|Paris|the |Élysée|American| Mayor|'s|-backed|-| |\n|وال|لل|ل|الأمريكي|البيت الأبيض|واشنطن|ولايات متحدة|\u{64e}|#){0,24}",
    ) {
        let actors = Actors::shipped();
        let mut end = 0;
        for mention in actors.find(&text, Span::new(0, text.len())) {
            prop_assert!(mention.span.start >= end && !mention.span.slice(&text).is_empty());
            prop_assert!(mention.actor < actors.len());
            end = mention.span.end;
        }
        let _ = actors.of(&text);
    }
}
