//! Every page is found from the first one, and every link leads somewhere.

use std::collections::BTreeSet;

use super::markdown::Page;
use super::{expect_none, manual, manual_and, page};

#[test]
fn every_page_is_linked_from_the_index() {
    let linked: BTreeSet<_> = page("README.md").links().into_iter().collect();
    let lost: Vec<_> = manual()
        .iter()
        .map(Page::name)
        .filter(|name| name != "README.md" && !linked.contains(name))
        .collect();
    expect_none("pages that docs/README.md does not link", &lost);
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut dead = Vec::new();
    let mut count = 0;
    for page in manual_and(&["README.md", "ARCHITECTURE.md"]) {
        for link in page.links() {
            if link.starts_with("https://") || link.starts_with("http://") {
                continue;
            }
            count += 1;
            if let Err(problem) = follow(&page, &link) {
                dead.push(format!("{}: {link}: {problem}", page.name()));
            }
        }
    }
    assert!(count > 30, "only {count} links are found");
    expect_none("links that lead nowhere", &dead);
}

fn follow(page: &Page, link: &str) -> Result<(), &'static str> {
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let folder = page.path.parent().expect("a page is in a folder");
    let path = if file.is_empty() {
        page.path.clone()
    } else {
        folder.join(file)
    };
    if !path.exists() {
        return Err("there is no such file");
    }
    if heading.is_empty() || Page::read(&path).anchors().contains(heading) {
        return Ok(());
    }
    Err("the page has no such heading")
}
