//! What the user wrote, in whichever notation, comes out here as one plan: a service and sections of plugins.

use sockeye_core::Place;

/// Everything that files and command line say, checked for form and not yet for meaning.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What concerns the whole process; later properties win.
    pub service: Vec<Property>,
    /// Where records come from, in the order in which they were written.
    pub inputs: Vec<Section>,
    /// What changes records on their way, in the order in which they are asked.
    pub filters: Vec<Section>,
    /// Where records go.
    pub outputs: Vec<Section>,
    /// How text becomes a record. Their `plugin` is the parser's name.
    pub parsers: Vec<Section>,
}

/// One plugin with its properties.
#[derive(Clone, Debug)]
pub struct Section {
    /// Name of the plugin in lower case: `tcp`, `websocket`.
    pub plugin: String,
    /// Where the plugin was named.
    pub place: Place,
    /// What was said about it, in order; without `name`.
    pub properties: Vec<Property>,
    /// Filters for the records of this input or output alone; only files in YAML have them.
    pub processors: Vec<Self>,
}

/// A key and its value, variables already replaced.
#[derive(Clone, Debug)]
pub struct Property {
    /// The key in lower case and with underscores: `json_date_key`.
    pub key: String,
    /// The value, blanks around it removed.
    pub value: String,
    /// Where the value was written.
    pub place: Place,
    /// Where the key was written.
    pub key_place: Place,
}

impl Section {
    /// A plugin of which nothing was said.
    pub fn new(plugin: impl Into<String>, place: Place) -> Self {
        Self {
            plugin: plugin.into(),
            place,
            properties: Vec::new(),
            processors: Vec::new(),
        }
    }

    /// The last property under `key`.
    pub fn get(&self, key: &str) -> Option<&Property> {
        self.properties
            .iter()
            .rev()
            .find(|property| property.key == key)
    }

    /// Every property under `key`, in order.
    pub fn all<'s>(&'s self, key: &'s str) -> impl Iterator<Item = &'s Property> {
        self.properties
            .iter()
            .filter(move |property| property.key == key)
    }
}
