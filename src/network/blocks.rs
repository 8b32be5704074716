//! Blocks: the parts of a network that one branch's outage cannot split.

pub const NEVER: usize = usize::MAX;

/// The block of every edge, numbered from 0; `usize::MAX` for an edge that is not there (`None`).
///
/// A block is a largest set of edges any two of which lie on a common cycle; a bridge is a block of
/// its own. Depth-first search with the lowest reachable discovery time per node and the edges
/// waiting for their block on a stack (Hopcroft and Tarjan 1973), without recursion. Parallel edges
/// are told apart by their index, so neither is a bridge.
pub fn blocks(nodes: usize, edges: &[Option<(usize, usize)>]) -> Vec<usize> {
    let mut neighbours: Vec<Vec<(usize, usize)>> = vec![Vec::new(); nodes];
    for (k, edge) in edges.iter().enumerate() {
        if let Some((a, b)) = *edge {
            neighbours[a].push((b, k));
            neighbours[b].push((a, k));
        }
    }
    let mut found = vec![NEVER; nodes];
    let mut low = vec![NEVER; nodes];
    let mut block = vec![NEVER; edges.len()];
    let mut waiting: Vec<usize> = Vec::new();
    let mut queued = vec![false; edges.len()];
    let (mut clock, mut count) = (0, 0);
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
                if !queued[edge] {
                    queued[edge] = true;
                    waiting.push(edge);
                }
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
                if low[node] >= found[parent] {
                    while let Some(edge) = waiting.pop() {
                        block[edge] = count;
                        if edge == via {
                            break;
                        }
                    }
                    count += 1;
                }
            }
        }
    }
    block
}

/// For every edge, whether it is a block of its own: its removal disconnects its ends.
pub fn bridges(blocks: &[usize]) -> Vec<bool> {
    let count = blocks.iter().filter(|b| **b != NEVER).max();
    let mut sizes = vec![0_usize; count.map_or(0, |most| most + 1)];
    for &block in blocks.iter().filter(|b| **b != NEVER) {
        sizes[block] += 1;
    }
    let alone = |&block: &usize| block != NEVER && sizes[block] == 1;
    blocks.iter().map(alone).collect()
}
