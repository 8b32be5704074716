//! Bridges: branches whose outage would split the network.

/// For every edge, whether its removal disconnects its ends. `None` is an edge that is not there.
///
/// Depth-first search with the lowest reachable discovery time per node (Tarjan 1974), without
/// recursion. Parallel edges are told apart by their index, so neither is a bridge.
pub(super) fn bridges(nodes: usize, edges: &[Option<(usize, usize)>]) -> Vec<bool> {
    let mut neighbours: Vec<Vec<(usize, usize)>> = vec![Vec::new(); nodes];
    for (k, edge) in edges.iter().enumerate() {
        if let Some((a, b)) = *edge {
            neighbours[a].push((b, k));
            neighbours[b].push((a, k));
        }
    }
    const NEVER: usize = usize::MAX;
    let mut found = vec![NEVER; nodes];
    let mut low = vec![NEVER; nodes];
    let mut is_bridge = vec![false; edges.len()];
    let mut clock = 0;
    for start in 0..nodes {
        if found[start] != NEVER {
            continue;
        }
        found[start] = clock;
        low[start] = clock;
        clock += 1;
        // (node, edge it was reached by, next neighbour to look at)
        let mut path = vec![(start, NEVER, 0)];
        while let Some((node, via, next)) = path.pop() {
            if let Some(&(other, edge)) = neighbours[node].get(next) {
                path.push((node, via, next + 1));
                if edge == via {
                    continue;
                }
                if found[other] == NEVER {
                    found[other] = clock;
                    low[other] = clock;
                    clock += 1;
                    path.push((other, edge, 0));
                } else {
                    low[node] = low[node].min(found[other]);
                }
            } else if let Some(&(parent, _, _)) = path.last() {
                low[parent] = low[parent].min(low[node]);
                is_bridge[via] = low[node] > found[parent];
            }
        }
    }
    is_bridge
}

#[cfg(test)]
mod tests {
    use super::bridges;

    #[test]
    fn a_triangle_with_a_tail_and_a_double_line() {
        let edges = [
            Some((0, 1)),
            Some((1, 2)),
            Some((2, 0)),
            Some((2, 3)),
            Some((3, 4)),
            Some((4, 3)),
            None,
            Some((4, 5)),
        ];
        let expected = [false, false, false, true, false, false, false, true];
        assert_eq!(bridges(6, &edges), expected);
    }
}
