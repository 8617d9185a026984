//! Models as JSON pass through here: read leniently in every dialect that was ever sent, written in one canonical form.
//!
//! Read are the document with `models`, the same inside `gw` or `gw3`, and a bare model, also inside `model`; ends of edges
//! named `sourceVertexId` or `srcVertexId`; actions as texts or as `{"action": …}`; `startElementId` or `startElement`.

mod draft;
mod lexer;
pub mod object;
mod writer;

use sockeye_core::Random;

use crate::{FormatError, Suite};
use draft::Draft;
use lexer::Lexer;
pub(crate) use writer::double;
pub use writer::{Scope, write, write_element, write_model};

/// The text for a document without models.
pub const NOT_A_MODEL: &str = "The json file is not a valid GraphWalker model(s) file";

/// Reads models. Missing ids of models and edges become UUIDs drawn from `random`.
///
/// Comments (`/* */`, `//`, `#`), single quotes, names and texts without quotes, `;` for `,` and `=` for `:` are
/// accepted; members that are not known are left out. A text of 4 GiB or more is refused.
pub fn read(text: &str, random: &mut Random) -> Result<Suite, FormatError> {
    if u32::try_from(text.len()).is_err() {
        return Err(FormatError::known("a model of 4 GiB or more is not read"));
    }
    let mut lexer = Lexer::new(text);
    if !lexer.opens_object()? {
        return Err(FormatError::known(NOT_A_MODEL));
    }
    let mut root = Root::default();
    root.read(&mut lexer, random)?;
    lexer.end()?;
    root.suite(random)
        .ok_or_else(|| FormatError::known(NOT_A_MODEL))?
}

/// The outermost object, whichever dialect it is.
#[derive(Default)]
struct Root {
    suite: Suite,
    has_models: bool,
    bare: Draft,
}

impl Root {
    fn read(&mut self, lexer: &mut Lexer<'_>, random: &mut Random) -> Result<(), FormatError> {
        lexer.members(|lexer, key| match key {
            "models" if lexer.skips_null()? => Ok(()),
            "models" => {
                self.has_models = true;
                self.suite.models.clear();
                lexer.items(|lexer| {
                    let mut draft = Draft::default();
                    draft.read(lexer, random)?;
                    self.suite.models.push(draft.model(random)?);
                    Ok(())
                })
            }
            "seed" => {
                self.suite.seed = lexer.whole("seed")?;
                Ok(())
            }
            "gw" | "gw3" | "model" if lexer.opens_object()? => self.read(lexer, random),
            "name" => {
                let name = lexer.text("name")?;
                self.suite.name.clone_from(&name);
                self.bare.name(name);
                Ok(())
            }
            other => self.bare.member(lexer, other, random),
        })
    }

    /// The models, or nothing if the document has none.
    fn suite(mut self, random: &mut Random) -> Option<Result<Suite, FormatError>> {
        if self.has_models {
            return Some(Ok(self.suite));
        }
        self.bare.is_graph().then(|| {
            self.suite.models.push(self.bare.model(random)?);
            Ok(self.suite)
        })
    }
}
