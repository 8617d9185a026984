//! A section passes through here and becomes the plugin that it names, with its properties; or a mistake.

use sockeye_core::{Mistake, Mistakes, quoted};

use crate::plan::Section;
use crate::properties::{Key, Properties};

/// A plugin that files can name.
#[derive(Clone, Copy, Debug)]
pub struct Known<Build> {
    /// Its name in files.
    pub name: &'static str,
    /// One line for `-h`.
    pub about: &'static str,
    /// Its keys, table by table.
    pub tables: &'static [&'static [Key]],
    pub(crate) build: Build,
}

/// The plugin of that name.
pub(crate) fn named<Build>(
    all: &'static [Known<Build>],
    name: &str,
) -> Option<&'static Known<Build>> {
    all.iter().find(|known| known.name == name)
}

/// What a section names, and what it says. For a name that is not in the table `remedy` may know what is
/// meant; otherwise the nearest name is shown.
pub(crate) fn find<'s, Build>(
    what: &str,
    all: &'static [Known<Build>],
    section: &'s Section,
    remedy: impl FnOnce(&Section) -> Option<String>,
) -> Result<(&'static Known<Build>, Properties<'s>), Mistakes> {
    let name = section.plugin.as_str();
    if let Some(known) = named(all, name) {
        return Ok((known, Properties::read(section, known.tables)?));
    }
    let message = format!("there is no {what} {}", quoted(name));
    let mistake = Mistake::at(&section.place, message).label("not known here");
    Err(match remedy(section) {
        Some(remedy) => mistake.remedy(remedy),
        None => mistake.did_you_mean(name, all.iter().map(|known| known.name)),
    }
    .into())
}
