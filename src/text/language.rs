//! Which language a passage is in.
//!
//! In: a passage. Out: a [`Guess`]: an ISO 639-1 code, the script that it was told by, and whether it is
//! certain. Start at [`guess`]. The letters choose the script; inside a script two recognisers are asked
//! (whatlang, of 69 languages by trigrams and alphabets, and whichlang, of 16 by a linear model), and Persian
//! and Urdu are told from Arabic by their own letters as well. What to do about a guess that is not certain is
//! up to the caller.

use super::span::boundary_before;
use whatlang::Lang;

/// At most so much of a passage is looked at for its script, in bytes.
const LOOKED_AT: usize = 4096;

/// At most so much of a passage is given to the recognisers, and so much to the fast look: some 150 words, and some 40.
const TOLD_FROM: usize = 1024;
const GLANCED_AT: usize = 256;

/// A guess from fewer letters than this is never certain: names are alike in all languages.
const FEWEST_LETTERS: usize = 12;

/// A language that one recogniser does not know is certain from so many letters on.
const ENOUGH_LETTERS: usize = 60;

/// Two recognisers that agree are believed from this confidence of whatlang's on; below it they may agree by
/// chance, as on headlines of a few words.
const LEAST_CONFIDENCE: f64 = 0.2;

/// An ideogram or syllable sign says as much as so many letters.
const SIGN: usize = 3;

/// What a passage is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    /// Latin.
    Latin,
    /// Arabic, with the letters that other languages add to it.
    Arabic,
    /// Any other.
    Other,
}

impl Script {
    /// Every script.
    pub const ALL: [Self; 3] = [Self::Latin, Self::Arabic, Self::Other];

    /// The script of a letter; `None` for what is none.
    #[must_use]
    pub fn of(c: char) -> Option<Self> {
        match c {
            'a'..='z' | 'A'..='Z' => Some(Self::Latin),
            // The letters of Arabic itself, without a look at what is a letter.
            '\u{620}'..='\u{64a}' => Some(Self::Arabic),
            _ if c.is_ascii() || !c.is_alphabetic() => None,
            '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Some(Self::Latin),
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' => Some(Self::Arabic),
            '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => Some(Self::Arabic),
            _ => Some(Self::Other),
        }
    }

    /// The script that news in a language is written in.
    #[must_use]
    pub fn of_language(lang: &str) -> Self {
        const OTHERS: [&str; 28] = [
            "am", "be", "bg", "bn", "el", "gu", "he", "hi", "hy", "ja", "ka", "km", "kn", "ko", "mk", "ml", "mr", "my",
            "ne", "or", "pa", "ru", "si", "ta", "te", "th", "uk", "zh",
        ];
        match lang {
            "ar" | "fa" | "ur" | "ps" | "ckb" | "ug" | "sd" => Self::Arabic,
            _ if OTHERS.contains(&lang) => Self::Other,
            _ => Self::Latin,
        }
    }
}

/// The language that a passage seems to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guess {
    /// ISO 639-1, such as `en`; ISO 639-3 where there is no such code.
    pub lang: &'static str,
    /// The script of most of its letters.
    pub script: Script,
    /// How many letters it was told from; an ideogram counts as three.
    pub letters: usize,
    /// Whether it can be relied on.
    pub certain: bool,
}

/// The language of a passage, told from its first kilobyte; `None` if it has no letters. Addresses, `@names` and
/// Latin `#tags` are passed over, and so are words in another script than most of it.
#[must_use]
pub fn guess(passage: &str) -> Option<Guess> {
    let passage = &passage[..boundary_before(passage, TOLD_FROM)];
    let (script, letters) = main_script(passage)?;
    let is_in = |word: &&str| word.chars().any(|c| Script::of(c) == Some(script));
    let text = words(passage).filter(is_in).collect::<Vec<_>>().join(" ");
    let (lang, certain) = match script {
        Script::Latin => latin(&text, letters)?,
        Script::Arabic => arabic(&text)?,
        Script::Other => whatlang::detect(&text).map(|info| (code(info.lang()), info.is_reliable()))?,
    };
    Some(Guess { lang, script, letters, certain: certain && letters >= FEWEST_LETTERS })
}

/// The script of most letters of a passage of which the first 4 kB are looked at, and their number; `None`
/// if it has none. Much faster than [`guess`].
#[must_use]
pub fn main_script(passage: &str) -> Option<(Script, usize)> {
    let passage = &passage[..boundary_before(passage, LOOKED_AT)];
    let mut counts = [0usize; Script::ALL.len()];
    for c in words(passage).flat_map(str::chars) {
        if let Some(script) = Script::of(c) {
            counts[script as usize] += if is_sign(c) { SIGN } else { 1 };
        }
    }
    let (count, script) =
        counts.into_iter().zip(Script::ALL).max_by_key(|(count, s)| (*count, std::cmp::Reverse(*s)))?;
    (count > 0).then_some((script, count))
}

/// Whether a passage in Latin letters might be in another language than `lang`: a fast look that finds what
/// [`guess`] may then confirm.
#[must_use]
pub fn may_be_other(passage: &str, lang: &str) -> bool {
    sixteen(whichlang::detect_language(&passage[..boundary_before(passage, GLANCED_AT)])) != lang
}

/// The words of a passage that can tell a language.
fn words(passage: &str) -> impl Iterator<Item = &str> {
    let tells = |word: &&str| {
        !(word.contains(['/', '@']) || word.starts_with("www.") || word.starts_with('#') && word.is_ascii())
    };
    passage.split_whitespace().filter(tells)
}

/// Whether a character is an ideogram or a syllable.
const fn is_sign(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{3ffff}')
}

/// Of Latin letters both recognisers are asked.
fn latin(text: &str, letters: usize) -> Option<(&'static str, bool)> {
    let fast = sixteen(whichlang::detect_language(text));
    let info = whatlang::detect(text)?;
    let slow = code(info.lang());
    if fast == slow {
        return Some((slow, info.confidence() >= LEAST_CONFIDENCE));
    }
    if SIXTEEN.contains(&slow) {
        // Both know it, and one says no.
        return Some((if info.is_reliable() { slow } else { fast }, false));
    }
    let certain = info.is_reliable() && letters >= ENOUGH_LETTERS;
    Some((if certain || fast != "en" { slow } else { fast }, certain))
}

/// Of Arabic letters those that one language alone has say more than its trigrams.
fn arabic(text: &str) -> Option<(&'static str, bool)> {
    let (mut arabic, mut persian, mut urdu, mut letters) = (0usize, 0usize, 0usize, 0usize);
    for c in text.chars() {
        match c {
            'ة' | 'ي' | 'ك' | 'ى' | 'أ' | 'إ' => arabic += 1,
            'پ' | 'چ' | 'ژ' | 'گ' | 'ی' | 'ک' => persian += 1,
            'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ے' | 'ھ' | 'ہ' => urdu += 1,
            _ => {}
        }
        letters += usize::from(Script::of(c) == Some(Script::Arabic));
    }
    if urdu * 25 > letters {
        return Some(("ur", true));
    }
    if persian > arabic {
        return Some(("fa", true));
    }
    // Without a letter of its own a passage is hardly Persian or Urdu, whatever its trigrams.
    let foreign = (persian + urdu) * 50 > letters;
    if !foreign && arabic > persian && arabic * 20 > letters {
        return Some(("ar", true));
    }
    let info = whatlang::detect(text)?;
    Some(match code(info.lang()) {
        "ar" => ("ar", info.is_reliable() || arabic > persian),
        other if foreign => (other, false),
        _ => ("ar", arabic * 20 > letters),
    })
}

/// The languages of whichlang.
const SIXTEEN: [&str; 16] =
    ["ar", "zh", "de", "en", "fr", "hi", "it", "ja", "ko", "nl", "pt", "ru", "es", "sv", "tr", "vi"];

const fn sixteen(lang: whichlang::Lang) -> &'static str {
    use whichlang::Lang as L;
    match lang {
        L::Ara => "ar",
        L::Cmn => "zh",
        L::Deu => "de",
        L::Eng => "en",
        L::Fra => "fr",
        L::Hin => "hi",
        L::Ita => "it",
        L::Jpn => "ja",
        L::Kor => "ko",
        L::Nld => "nl",
        L::Por => "pt",
        L::Rus => "ru",
        L::Spa => "es",
        L::Swe => "sv",
        L::Tur => "tr",
        L::Vie => "vi",
    }
}

/// Whether the recognisers know a language; of one that they do not, nothing can be recognised.
#[must_use]
pub fn is_known(lang: &str) -> bool {
    Lang::all().iter().any(|known| code(*known) == lang)
}

/// ISO 639-1, where there is such a code.
fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "no",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        Lang::Cym => "cy",
        // A later version may know more.
        #[allow(unreachable_patterns)]
        other => other.code(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(passage: &str) -> (&'static str, bool) {
        guess(passage).map(|g| (g.lang, g.certain)).unwrap()
    }

    #[test]
    fn a_sentence_is_in_the_language_it_is_written_in() {
        for (lang, sentence) in [
            ("en", "The ferry company cancelled four sailings on Thursday because of high wind."),
            ("ar", "ألغت شركة العبارات أربع رحلات يوم الخميس بسبب الرياح القوية."),
            ("fa", "شرکت کشتیرانی روز پنجشنبه چهار سفر را به دلیل باد شدید لغو کرد."),
            ("ur", "فیری کمپنی نے تیز ہوا کی وجہ سے جمعرات کو چار سفر منسوخ کر دیے۔"),
            ("fr", "La compagnie de ferries a annulé quatre traversées jeudi à cause du vent."),
            ("de", "Die Fährgesellschaft hat am Donnerstag wegen starken Windes vier Fahrten gestrichen."),
            ("es", "La compañía de transbordadores canceló cuatro viajes el jueves por el fuerte viento."),
            ("pt", "A empresa de ferries cancelou quatro viagens na quinta-feira devido ao vento forte."),
            ("it", "La compagnia di traghetti ha cancellato quattro corse giovedì per il forte vento."),
            ("nl", "De veerdienst heeft donderdag vier afvaarten geschrapt vanwege harde wind."),
            ("sv", "Färjebolaget ställde in fyra turer på torsdagen på grund av hårda vindar."),
            ("tr", "Feribot şirketi perşembe günü kuvvetli rüzgar nedeniyle dört seferi iptal etti."),
            ("zh", "由于大风，渡轮公司取消了星期四的四个航班。"),
            ("ja", "市議会は港の計画について投票した"),
            ("ko", "시의회가 항구 계획에 투표했다"),
        ] {
            assert_eq!(told(sentence), (lang, true), "{sentence}");
        }
    }

    #[test]
    fn other_scripts_are_named_if_not_always_with_certainty() {
        for (lang, sentence) in [
            ("he", "חברת המעבורות ביטלה ארבע הפלגות ביום חמישי בגלל רוחות חזקות."),
            ("ru", "Паромная компания отменила в четверг четыре рейса из-за сильного ветра."),
            ("hi", "तेज हवा के कारण नौका कंपनी ने गुरुवार को चार यात्राएं रद्द कर दीं।"),
            ("el", "Το συμβούλιο ψηφίζει για το σχέδιο του λιμανιού"),
        ] {
            assert_eq!(told(sentence).0, lang, "{sentence}");
            assert_eq!(Script::of_language(lang), Script::Other);
        }
    }

    #[test]
    fn persian_and_urdu_headlines_are_not_arabic() {
        for headline in ["شهردار پس از اختلاف بر سر بودجه استعفا کرد", "وزیر گفت که این طرح موفق خواهد شد"]
        {
            assert_eq!(told(headline).0, "fa", "{headline}");
        }
        for headline in ["وزیر نے کہا کہ منصوبہ کامیاب ہوگا", "لائبریری اتوار کو بند رہے گی"]
        {
            assert_eq!(told(headline).0, "ur", "{headline}");
        }
        for headline in ["المجلس يصوت على خطة الميناء", "عاجل: زلزال يضرب الساحل", "اقرأ أيضا"]
        {
            assert_eq!(told(headline).0, "ar", "{headline}");
        }
    }

    #[test]
    fn a_short_english_headline_is_not_said_to_be_in_another_language_for_certain() {
        for headline in [
            "Council votes on harbour plan",
            "Mayor resigns after budget row",
            "Library to close on Sundays",
            "Man, 34, charged with theft",
            "Ministers deny pension cuts",
            "Breaking news",
            "Team wins final 3-2",
            "CNN",
        ] {
            let (lang, certain) = told(headline);
            assert!(lang == "en" || !certain, "{headline}: {lang}");
        }
    }

    #[test]
    fn addresses_tags_and_words_in_another_script_do_not_count() {
        let text = "ارتفع النهر https://news.example/en/the-river-rose-again-on-tuesday #RiverNews @RiverReporter BBC";
        assert_eq!(told(text).0, "ar");
        assert!(guess("12.30 – https://a.org/b?c=1 …").is_none() && guess("").is_none() && guess("🔥 ٣٤").is_none());
    }

    #[test]
    fn the_languages_of_the_bundles_are_known_and_an_invented_one_is_not() {
        assert!(is_known("en") && is_known("ar") && !is_known("tlh") && !is_known(""));
        assert_eq!((Script::of_language("en"), Script::of_language("ar")), (Script::Latin, Script::Arabic));
    }

    proptest! {
        #[test]
        fn any_text_has_one_guess_and_always_the_same(text in any::<String>(), mixed in "[a-zéñøşÆœ ءاأبيیہہۍअא中あ한\u{301}\u{0}\u{202e}]{0,80}") {
            for text in [text, mixed] {
                prop_assert_eq!(guess(&text), guess(&text));
                prop_assert_eq!(guess(&text).map(|g| (g.script, g.letters)), main_script(&text).filter(|_| guess(&text).is_some()));
                let _ = may_be_other(&text, "en");
            }
        }
    }
}
