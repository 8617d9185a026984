//! The same seed gives the same text; another one does not.

use sockeye_core::Random;
use sockeye_script::template::{Dialect, Scope, Template};

use crate::world::{World, clock};

fn rendered(text: &str, seed: u64) -> String {
    let template = Template::parse(text, Dialect::Moclojer).unwrap();
    let world = World::of(serde_json::json!({"l": [1, 2, 3, 4, 5, 6, 7, 8]}));
    let (mut random, clock) = (Random::seeded(seed), clock());
    let mut scope = Scope {
        vars: &world,
        random: &mut random,
        clock: &clock,
    };
    let mut out = Vec::new();
    template.render_text(&mut scope, &mut out).unwrap();
    template.render_text(&mut scope, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_seed_decides_everything_random() {
    let plain = "{{uuid}} {{random_int 1 1000000}} {{random_float 0 1}} {{random_string 20}} {{faker.name}} {{pick 1 2 3}}";
    let tags = "{% for x in message.l %}{{random_int 1 1000000}} {{message.l|rand-nth}} {{uuid}} {% endfor %}";
    let filters = "{{uuid|upper}} {{message.l|rand-nth}}";
    for text in [plain, tags, filters] {
        assert_eq!(rendered(text, 1), rendered(text, 1), "{text}");
        assert_ne!(rendered(text, 1), rendered(text, 2), "{text}");
    }
}

#[test]
fn two_renders_of_one_source_differ() {
    for text in [
        "{{uuid}}",
        "{{uuid|upper}}",
        "{% if message %}{{uuid}}{% endif %}",
    ] {
        let both = rendered(text, 1);
        let (first, second) = both.split_at(both.len() / 2);
        assert_ne!(first, second, "{text}");
        assert_eq!(first.len(), 36);
    }
}
