//! What a rule says: prepared when the file is loaded, rendered into the outgoing frame.

use sockeye_net::{Message, Outbox};
use sockeye_script::template::{JsonTemplate, RenderError, Scope, Template};

/// One message to be sent.
#[derive(Debug)]
pub enum Answer {
    /// The received message itself: same type, same bytes.
    Echo,
    /// A text without holes.
    Literal(Box<str>),
    /// A text with holes.
    Text(Box<Template>),
    /// A JSON value, compact, with holes in its strings.
    Json(Box<JsonTemplate>),
}

impl Answer {
    /// A text message from a template.
    pub fn text(template: Template) -> Self {
        match template.literal() {
            Some(text) => Self::Literal(text.into()),
            None => Self::Text(Box::new(template)),
        }
    }

    /// A text message from a JSON value.
    pub fn json(template: JsonTemplate) -> Self {
        match template.literal().map(std::str::from_utf8) {
            Some(Ok(text)) => Self::Literal(text.into()),
            _ => Self::Json(Box::new(template)),
        }
    }

    /// Whether what it says depends on the message it answers.
    pub fn reads_message(&self) -> bool {
        match self {
            Self::Echo => true,
            Self::Literal(_) => false,
            Self::Text(template) => template.uses_message(),
            Self::Json(template) => template.uses_message(),
        }
    }

    /// Says it. `received` is what an echo repeats.
    ///
    /// Errors: a template exceeds its bounds or a helper refuses its input; nothing is sent then.
    pub fn say(
        &self,
        received: Option<Message<'_>>,
        scope: &mut Scope<'_>,
        out: &mut Outbox<'_>,
    ) -> Result<(), RenderError> {
        match self {
            Self::Echo => {
                if let Some(message) = received {
                    out.message(message);
                }
                Ok(())
            }
            Self::Literal(text) => {
                out.text(text);
                Ok(())
            }
            Self::Text(_) | Self::Json(_) => out.render(|buffer| self.write(scope, buffer)),
        }
    }

    /// Appends what it says to `buffer`; nothing for an echo, which has nothing to repeat here.
    ///
    /// Errors: as for [`Self::say`].
    pub fn write(&self, scope: &mut Scope<'_>, buffer: &mut Vec<u8>) -> Result<(), RenderError> {
        match self {
            Self::Echo => Ok(()),
            Self::Literal(text) => {
                buffer.extend_from_slice(text.as_bytes());
                Ok(())
            }
            Self::Text(template) => template.render_text(scope, buffer),
            Self::Json(template) => template.render(scope, buffer),
        }
    }
}
