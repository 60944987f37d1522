//! Words that take a side, and what turns a side round: the grammar of *for* and *against*.
//!
//! In: a word in normal form. Out: its [`Side`], if it has one. Start at [`of`]. They matter in order: *rejected calls
//! for a truce* is against it, *criticised the ban on* what is banned is for that, *does not support* is against.
//! The classes hold verbs and nouns of support, opposition and prevention, and words of negation and concession; no
//! name and no cause. Sources: the classes of *support* and *oppose* in VerbNet's judgement, admire and forbid verbs
//! (Kipper Schuler 2005), and what the labelling guide in `training/` gives as examples.

use super::classes;
use crate::text::{is_arabic, lexeme};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// What a word does to what it is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Speaks or acts for it.
    For,
    /// Speaks or acts against it, or prevents it.
    Against,
    /// Turns round what follows.
    Turn,
    /// Grants something and goes on with its contrary.
    Concede,
}

impl Side {
    /// Whether it is for or against.
    #[must_use]
    pub const fn acts(self) -> bool {
        matches!(self, Self::For | Self::Against)
    }

    /// Its sign in keys.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::For => "+",
            Self::Against => "-",
            Self::Turn => "!",
            Self::Concede => "~",
        }
    }
}

const FOR: &str = "support supports supported supporting supporter supporters back backs backed backing endorse endorses \
    endorsed endorsing endorsement favor favors favored favoring favour favours favoured favouring advocate advocates \
    advocated advocating champion champions championed championing defend defends defended defending embrace embraces \
    embraced embracing welcome welcomes welcomed welcoming praise praises praised praising hail hails hailed hailing \
    applaud applauds applauded applauding approve approves approved approving approval ratify ratifies ratified sign \
    signs signed promote promotes promoted promoting urge urges urged urging demand demands demanded demanding call \
    calls called calling push pushes pushed pushing seek seeks sought seeking want wants wanted allow allows allowed \
    allowing permit permits permitted protect protects protected protecting preserve fund funds funded funding finance \
    financed arm arms armed lobby lobbied lobbying campaign campaigned campaigning plead pleads pleaded pleas plea \
    appeal appeals appealed appealing insist insists insisted propose proposes proposed vote voted agree agrees agreed \
    accept accepts accepted accepting love loves loved admire admires admired thank thanks thanked celebrate celebrates \
    celebrated congratulated need needs needed help helps helped helping aid aided ally allies allied restore restored \
    uphold upheld commend commended commends laud lauds lauded recommend recommends recommended join joined \
    petition petitions petitioned proud delighted happy glad pleased keen eager enthusiastic fond grateful cheer cheers \
    cheered adopt adopts adopted adopting adoption passes passed enact enacts enacted donate donated invest invests \
    invested investing implement implemented implementing deserve deserves deserved pledge pledged save saves saved \
    hope hopes hoped hoping enjoy enjoyed benefit benefits relief overdue";

const AGAINST: &str = "oppose opposes opposed opposing opposition opponent opponents against reject rejects rejected \
    rejecting rejection veto vetoes vetoed vetoing block blocks blocked blocking condemn condemns condemned condemning \
    condemnation criticize criticizes criticized criticizing criticise criticises criticised criticising criticism \
    critic critics critical denounce denounces denounced denouncing slam slams slammed slamming blast blasts blasted \
    blasting attack attacks attacked attacking decry decries decried deplore deplored protest protests protested \
    protesting resist resists resisted resisting resistance fight fights fought fighting ban bans banned banning bar \
    barred prohibit prohibits prohibited outlaw outlawed forbid forbids forbade scrap scraps scrapped scrapping abolish \
    abolished repeal repealed repealing end ending ended halt halted halting stop stops stopped stopping prevent \
    prevents prevented preventing delay delays delayed delaying suspend suspended suspending cancel cancelled canceled \
    revoke revoked withdraw withdrew withdrawn boycott boycotts boycotted boycotting sue sues sued suing dismiss \
    dismisses dismissed dismissing rebuff rebuffed rebuffs shelve shelved sanction sanctioned sanctions accuse accuses \
    accused accusing blame blames blamed blaming mock mocks mocked deride derided ridicule ridiculed warn warns warned \
    threaten threatens threatened threatening undermine undermines undermined undermining sabotage sabotaged thwart \
    thwarted strike struck overturn overturned undo hate hates hated fear fears feared object objects objected objection \
    objections lambast lambasted lambasts rebuke rebuked impeach impeached arrest arrested curb curbs limit restrict \
    cut cuts hurt harm harms damage disavow disavowed quit abandon abandons abandoned drop dropped reproach downplay \
    abandoning doubt doubts doubted doubtful doubting questioned lift lifts lifted lifting remove removes removed removing \
    removal battle battled battling battles contest contests contested distanced distances complain complains \
    complained complaints complaint regret regrets regretted angry furious unhappy upset outraged outrage anger alarm \
    alarmed concern concerns concerned worry worries worried dismay dismayed appalled sceptical skeptical wary afraid \
    hostile hostility lawsuit lawsuits endanger endangers endangered jeopardise jeopardize risks unfair unjust flawed \
    axe axed ditch ditched cancellation abolition objecting disrupt disrupted flout \
    flouted breach breached violate violated violates dissolve dissolved dismantle dismantled overturning";

const TURN: &str = "never cannot wouldn't hadn't mustn't refuse refuses refused refusing refusal deny denies denied denying fail fails failed failing lack \
    lacks lacked nobody nothing few hardly barely scarcely avoid avoids avoided instead wrong longer yet unlikely \
    reluctant unwilling decline declines declined declining short";

const CONCEDE: &str = "despite although though however but while nevertheless nonetheless whereas even notwithstanding";

/// The same in Arabic, in normal form without article and proclitic.
const ARABIC: &[(Side, &str)] = &[
    (
        Side::For,
        "ايد ايدت يؤيد تؤيد نؤيد تاييد مؤيد مؤيده مؤيدا دعم دعمت يدعم تدعم ندعم دعمه دعمها داعم داعمه \
         ساند ساندت يساند تساند مسانده مساند رحب رحبت يرحب ترحب ترحيب ترحيبه مرحبا مرحبه اشاد اشادت يشيد تشيد اشاده مشيدا مشيده \
         دعا دعت يدعو تدعو دعوه دعوات داعيا داعيه دعوا دعوته طالب طالبت يطالب تطالب مطالب مطالبه مطالبا مطالبات طالبوا ناشد ناشدت \
         يناشد مناشده مناشدات مناشدا حث حثت يحث تحث حاثا وافق وافقت يوافق توافق موافقه موافقا قبل قبلت يقبل قبول وقع وقعت صادق \
         صادقت تبني تبنت دافع دافعت يدافع تدافع مدافعا دفاع التزم حمي حمايه بارك باركت مباركا هنا هنات ثمن ثمنت تثمين مول مولت تمويل سلح \
         سلحت تسليح سعي سعت يسعي تسعي ساعيا مساعي اراد يريد تريد حاجه يحتاج ضروره ضروري اقترح اقترحت مقترح تضامن متضامن مناصره انصار \
         شجع شجعت يشجع اقر اقرت اقرار احتفي احتفت احتفل احتفلت فرح ابتهاج حماس سعاده ابتهج سرور ارتياح امتدح امتدحت يمتدح مدح مدحت \
         انصف اجاز اجازت يجيز تمديد مدد مددت اعتمد اعتمدت فخور فخوره \
         تبرع تبرعت تبرعوا صالح متحمس متحمسه",
    ),
    (
        Side::Against,
        "رفض رفضت يرفض ترفض نرفض رافض رافضا رافضه رفضه رفضها رفضهم رفضوا عارض عارضت يعارض تعارض معارضه معارض معارضا معارضته معارضتها \
         معارضون معارضين ضد نقض نقضت ادان ادانت يدين تدين ادانه ادانته مدينا ندد نددت يندد تندد تنديد منددا منددين شجب شجبت استنكر استنكرت \
         يستنكر تستنكر استنكار مستنكرا انتقد انتقدت ينتقد تنتقد انتقاد انتقادات منتقدا هاجم هاجمت يهاجم مهاجما هجوم اتهم اتهمت يتهم تتهم \
         اتهام متهما عرقل عرقلت يعرقل عرقله منع منعت يمنع تمنع حظر حظرت يحظر حظره حرم الغي الغت الغاء يلغي الغاءه انهاء انهي وقف اوقف اوقفت \
         تعليق علق علقت تاجيل اجل قاطعت يقاطع مقاطعه احتج احتجت يحتج احتجاج احتجاجا احتجاجات قاوم قاومت يقاوم استبعد استبعدت يستبعد \
         استبعاد حذر حذرت يحذر تحذر تحذير محذرا هدد هددت يهدد تهديد اسقط اسقطت طعن طعنت انسحب انسحبت انسحاب تحفظ تحفظت تحفظات سخر ساخرا \
         كذب فند نفي خرق انتهك انتهاك تقويض قوض ضرب اعترض اعترضت يعترض اعتراض اعتراضه معترضا تخلي تخلت خفض اسقاط يسقط ابطال ابطل ابطلت سحب سحبت تجميد جمد جمدت ازاله ازال ازالت تفكيك دعوي غضب غاضب غاضبه غاضبون \
         استياء مستاء قلق قلقه مخاوف خشيه يخشي تخشي تظاهر تظاهرت يتظاهر مظاهره تظاهروا مخاطر كارثه تنصل تنصلت يتنصل اعترضوا شكك شككت \
         يشكك تشكيك هدم عطل عطلت تعطيل ذم ذمت مناهض مناهضه مناهضون نبذ مستنكره غضبا",
    ),
    (
        Side::Turn,
        "لا لم لن ليس ليست ليسوا غير دون بدون عدم بلا ما نفت ينفي تنفي فشل فشلت امتنع امتنعت يمتنع تمتنع امتناع تجنب كف عجز عجزت يفشل تراجع تراجعت",
    ),
    (Side::Concede, "رغم برغم لكن لكنه لكنها بل بينما مع الا بيد"),
];

static INDEX: LazyLock<FxHashMap<&'static str, Side>> = LazyLock::new(|| {
    let english = [(Side::For, FOR), (Side::Against, AGAINST), (Side::Turn, TURN), (Side::Concede, CONCEDE)];
    let mut index = FxHashMap::default();
    for (side, words) in english.into_iter().chain(ARABIC.iter().copied()) {
        for word in words.split_whitespace() {
            index.entry(word).or_insert(side);
        }
    }
    index
});

/// Arabic endings that the lists leave out: possessives and objects, plurals of verbs and of nouns.
const ENDINGS: &[&str] = &["هما", "ها", "هم", "نا", "ون", "ين", "وا", "ه", "ا"];

/// Letters that are left of a word without such an ending, at least.
const STEM: usize = 3;

/// The side of a word in normal form.
#[must_use]
pub fn of(word: &str) -> Option<Side> {
    // *وقف* is a stop, and the first word of *وقف إطلاق النار*, which is a target and not looked up here.
    let form = lexeme(word);
    let listed = INDEX.get(form).copied().or_else(|| classes::is_negation(word).then_some(Side::Turn));
    if listed.is_some() || !form.starts_with(is_arabic) {
        return listed;
    }
    // Of a short word a last letter more often belongs to it.
    let is_left =
        |stem: &&str, end: &str| stem.chars().count() >= if end.chars().count() > 1 { STEM } else { STEM + 1 };
    let stem = ENDINGS.iter().find_map(|end| form.strip_suffix(end).filter(|stem| is_left(stem, end)))?;
    // Before an ending ta marbuta is written as ta (*معارضتها*).
    let found = INDEX.get(stem).copied();
    found.or_else(|| INDEX.get(format!("{}ه", stem.strip_suffix('ت')?).as_str()).copied()).filter(|s| s.acts())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages_have_their_side() {
        for (word, side) in [
            ("backed", Side::For),
            ("vetoed", Side::Against),
            ("refuses", Side::Turn),
            ("not", Side::Turn),
            ("despite", Side::Concede),
            ("رفض", Side::Against),
            ("المناشدات", Side::For),
            ("لا", Side::Turn),
            ("تؤيد", Side::For),
            ("تاييده", Side::For),
            ("معارضتها", Side::Against),
            ("يعارضون", Side::Against),
        ] {
            assert_eq!(of(word), Some(side), "{word}");
        }
        assert_eq!(of("harbour"), None);
    }

    #[test]
    fn no_word_stands_on_two_sides_of_its_language() {
        let mut seen: FxHashMap<&str, Side> = FxHashMap::default();
        let english = [(Side::For, FOR), (Side::Against, AGAINST), (Side::Turn, TURN), (Side::Concede, CONCEDE)];
        for (side, words) in english.into_iter().chain(ARABIC.iter().copied()) {
            for word in words.split_whitespace() {
                assert!(seen.insert(word, side).is_none(), "{word}");
            }
        }
    }
}
