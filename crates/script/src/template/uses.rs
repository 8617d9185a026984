//! What a template looks at is gathered here while it is parsed.

use super::expression::Expr;
use super::scope::Root;

/// What a template looks at, known without rendering it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// The roots of all paths, each once, in a fixed order.
    pub roots: Vec<Root>,
    /// The environment variables, each once, in the order of the text.
    pub env: Vec<String>,
    /// Whether connections are counted.
    pub connection_count: bool,
}

impl Uses {
    /// Whether the answer depends on the message that is answered.
    pub fn message(&self) -> bool {
        let of_message = [
            Root::Message,
            Root::Params,
            Root::JsonParams,
            Root::Id,
            Root::Method,
            Root::Match,
        ];
        self.roots.iter().any(|root| of_message.contains(root))
    }

    pub(crate) fn add_all(&mut self, exprs: &[Expr]) {
        for expr in exprs {
            self.add(expr);
        }
    }

    pub(crate) fn add(&mut self, expr: &Expr) {
        match expr {
            Expr::Path { root, .. } => {
                if let Err(at) = self.roots.binary_search(root) {
                    self.roots.insert(at, *root);
                }
            }
            Expr::Call { helper, args } => {
                self.connection_count |= helper.name == "connection_count";
                if let ("env", [Expr::Text(name)]) = (helper.name, args.as_ref())
                    && !self.env.iter().any(|known| **known == **name)
                {
                    self.env.push(name.to_string());
                }
                self.add_all(args);
            }
            _ => {}
        }
    }

    /// Adds what another template uses.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.roots.extend(&other.roots);
        self.roots.sort_unstable();
        self.roots.dedup();
        for name in &other.env {
            if !self.env.contains(name) {
                self.env.push(name.clone());
            }
        }
        self.connection_count |= other.connection_count;
    }
}
