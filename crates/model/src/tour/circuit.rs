//! Arcs that are to be walked pass through here and come out in an order in which they can be.

/// The arcs of a way from `start`, each as often as `left` says; nothing where they do not hang together. Circles are put
/// into one another, in time proportional to the walks (C. Hierholzer, Ueber die Möglichkeit, einen Linienzug ohne
/// Wiederholung zu umfahren, 1873).
pub(crate) fn circuit<'a>(
    start: u32,
    leaving: impl Fn(u32) -> &'a [u32],
    ends: impl Fn(u32) -> Option<(u32, u32)>,
    mut left: impl AsMut<[u32]>,
) -> Option<Vec<u32>> {
    let left = left.as_mut();
    let all: u64 = left.iter().copied().map(u64::from).sum();
    // How many arcs of each node are used up, as far as it has been seen.
    let mut next: Vec<usize> = Vec::new();
    let mut way: Vec<(Option<u32>, u32)> = vec![(None, start)];
    let mut tour = Vec::new();
    while let Some(&(arc, node)) = way.last() {
        if next.len() <= node as usize {
            next.resize(node as usize + 1, 0);
        }
        let at = &mut next[node as usize];
        let arcs = leaving(node);
        while arcs.get(*at).is_some_and(|arc| left[*arc as usize] == 0) {
            *at += 1;
        }
        if let Some(&free) = arcs.get(*at) {
            left[free as usize] -= 1;
            way.push((Some(free), ends(free)?.1));
        } else {
            way.pop();
            tour.extend(arc);
        }
    }
    tour.reverse();
    // Where a circle could not be closed, what was put together does not fit.
    let fits = tour.iter().try_fold(start, |node, arc| {
        let (from, to) = ends(*arc)?;
        (from == node).then_some(to)
    });
    (fits.is_some() && tour.len() as u64 == all).then_some(tour)
}
