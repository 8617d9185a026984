//! `fake 'name'` and `faker.name`: plausible data of many kinds, drawn from the seeded source.

use fake::Fake as _;
use fake::faker::address::en as address;
use fake::faker::company::en as company;
use fake::faker::creditcard::en as creditcard;
use fake::faker::currency::en as currency;
use fake::faker::filesystem::en as filesystem;
use fake::faker::internet::en as internet;
use fake::faker::job::en as job;
use fake::faker::lorem::en as lorem;
use fake::faker::name::en as name;
use fake::faker::phone_number::en as phone_number;
use jiff::ToSpan as _;
use sockeye_core::Random;

use super::uuid::version_4;
use super::{Complaint, Helper, Kind, Takes};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::expression::Expr;
use crate::template::scope::Scope;
use crate::template::value::Val;
use sockeye_core::nearest;

pub(super) const FAKE: Helper = Helper {
    name: "fake",
    aliases: &["faker.", "fake."],
    arguments: "kind",
    doc: "Plausible data of a kind: name, email, address, phone, company, url, ip, word, sentence, price and more.",
    example: "{{faker.email}}",
    takes: Takes::OneOf(&[1]),
    kinds: &[Kind::LiteralText],
    check,
    run,
};

/// Draws one value.
type Draw = fn(&mut Random) -> Val<'static>;

/// A draw of a kind that the library has.
macro_rules! library {
    ($faker:expr) => {
        |random| Val::owned($faker.fake_with_rng::<String, _>(random.generator()))
    };
}

/// Every kind, in the order of the manual.
const KINDS: &[(&str, Draw)] = &[
    ("uuid", |random| {
        Val::Short(version_4(random.bits(), random.bits()))
    }),
    ("name", library!(name::Name())),
    ("first_name", library!(name::FirstName())),
    ("last_name", library!(name::LastName())),
    ("title", library!(name::Title())),
    ("username", library!(internet::Username())),
    ("email", library!(internet::SafeEmail())),
    ("password", library!(internet::Password(12..17))),
    ("phone", library!(phone_number::PhoneNumber())),
    ("cell", library!(phone_number::CellNumber())),
    ("age", |random| Val::Int(random.between(18, 90))),
    ("address", full_address),
    ("street", library!(address::StreetName())),
    ("building_number", library!(address::BuildingNumber())),
    ("city", library!(address::CityName())),
    ("state", library!(address::StateName())),
    ("zip", library!(address::ZipCode())),
    ("country", library!(address::CountryName())),
    ("country_code", library!(address::CountryCode())),
    ("timezone", library!(address::TimeZone())),
    ("latitude", |random| degrees(random, 90.0)),
    ("longitude", |random| degrees(random, 180.0)),
    ("company", library!(company::CompanyName())),
    ("industry", library!(company::Industry())),
    ("catch_phrase", library!(company::CatchPhrase())),
    ("job", library!(job::Title())),
    ("url", url),
    ("domain", |random| Val::owned(domain(random))),
    ("ip", library!(internet::IPv4())),
    ("ipv4", library!(internet::IPv4())),
    ("ipv6", library!(internet::IPv6())),
    ("mac", library!(internet::MACAddress())),
    ("user_agent", library!(internet::UserAgent())),
    ("file", library!(filesystem::FileName())),
    ("mime_type", library!(filesystem::MimeType())),
    ("version", library!(filesystem::SemverStable())),
    ("color", color),
    ("word", library!(lorem::Word())),
    ("words", |random| {
        Val::owned(
            lorem::Words(3..6)
                .fake_with_rng::<Vec<String>, _>(random.generator())
                .join(" "),
        )
    }),
    ("sentence", library!(lorem::Sentence(4..10))),
    ("paragraph", library!(lorem::Paragraph(3..6))),
    ("price", price),
    ("currency", library!(currency::CurrencyCode())),
    ("credit_card", library!(creditcard::CreditCardNumber())),
    ("boolean", |random| Val::Bool(random.bits() >> 63 == 1)),
    ("int", |random| Val::Int(random.between(0, 1_000_000))),
    ("float", price),
    ("date", date),
];

fn find(kind: &str) -> Option<Draw> {
    KINDS
        .iter()
        .find(|(name, _)| *name == kind)
        .map(|(_, draw)| *draw)
}

fn check(args: &[Expr]) -> Result<(), Complaint> {
    let Some(Expr::Text(kind)) = args.first() else {
        return Ok(());
    };
    if find(kind).is_some() {
        return Ok(());
    }
    let names = || KINDS.iter().map(|(name, _)| *name);
    let remedy = match nearest(kind, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the kinds are {}", names().collect::<Vec<_>>().join(", ")),
    };
    Err(Complaint {
        argument: 0,
        message: format!("there is no fake `{kind}`"),
        remedy: Some(remedy),
    })
}

fn run<'v>(args: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    let kind = args.get(0);
    Ok(find(&kind.as_text()).map_or(Val::Missing, |draw| draw(scope.random)))
}

fn full_address(random: &mut Random) -> Val<'static> {
    let number: String = address::BuildingNumber().fake_with_rng(random.generator());
    let street: String = address::StreetName().fake_with_rng(random.generator());
    let city: String = address::CityName().fake_with_rng(random.generator());
    let state: String = address::StateAbbr().fake_with_rng(random.generator());
    let zip: String = address::ZipCode().fake_with_rng(random.generator());
    Val::owned(format!("{number} {street}, {city}, {state} {zip}"))
}

/// Ends in `.example`, which RFC 2606 keeps free for this: no real host is ever named.
fn domain(random: &mut Random) -> String {
    let word: String = lorem::Word().fake_with_rng(random.generator());
    format!("{}.example", word.to_lowercase())
}

fn url(random: &mut Random) -> Val<'static> {
    let page: String = lorem::Word().fake_with_rng(random.generator());
    Val::owned(format!(
        "https://{}/{}",
        domain(random),
        page.to_lowercase()
    ))
}

fn color(random: &mut Random) -> Val<'static> {
    Val::owned(format!("#{:06x}", random.between(0, 0xFF_FFFF)))
}

/// From 1.00 to 999.99, in whole cents.
fn price(random: &mut Random) -> Val<'static> {
    let cents = i32::try_from(random.between(100, 99_999)).unwrap_or_default();
    Val::Float(f64::from(cents) / 100.0)
}

fn degrees(random: &mut Random, most: f64) -> Val<'static> {
    const SCALE: f64 = 1_000_000.0;
    Val::Float(((random.unit() * 2.0 - 1.0) * most * SCALE).round() / SCALE)
}

/// A day from 1970 to 2029: it does not depend on the clock, so a seed alone repeats it.
fn date(random: &mut Random) -> Val<'static> {
    const LAST_DAY: i64 = 21_914;
    let days = random.between(0, LAST_DAY);
    Val::owned(
        jiff::civil::date(1970, 1, 1)
            .saturating_add(days.days())
            .to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Random, Val};

    #[test]
    fn every_kind_gives_something_and_repeats_with_the_seed() {
        for (name, draw) in KINDS {
            let first = draw(&mut Random::seeded(7));
            assert_eq!(first, draw(&mut Random::seeded(7)), "{name}");
            assert_ne!(first, Val::owned(""), "{name}");
        }
    }
}
