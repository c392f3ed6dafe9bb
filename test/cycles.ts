/** A graph as an adjacency list. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

export function graphOf(edges: readonly (readonly [string, string])[]): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    if (from === to) continue;
    graph.set(from, (graph.get(from) ?? new Set()).add(to));
  }
  return graph;
}

/** A shortest path from `from` to `to`, both included. */
function pathBetween(graph: Graph, from: string, to: string): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const node of cameFrom.keys()) {
    if (node === to) {
      const way: string[] = [];
      for (let at: string | undefined = to; at !== undefined; at = cameFrom.get(at))
        way.unshift(at);
      return way;
    }
    for (const next of graph.get(node) ?? []) {
      if (!cameFrom.has(next)) cameFrom.set(next, node);
    }
  }
  return undefined;
}

/** A shortest cycle for each edge that is part of one, each cycle once: "a → b → a". */
export function cyclesIn(graph: Graph): string[] {
  const cycles = new Set<string>();
  for (const [from, targets] of graph) {
    for (const to of targets) {
      const back = pathBetween(graph, to, from);
      if (back === undefined) continue;
      // Normalized to start at the alphabetically first name, to deduplicate.
      const first = back.indexOf([...back].sort()[0] ?? '');
      const normalized = [...back.slice(first), ...back.slice(0, first + 1)];
      cycles.add(normalized.join(' → '));
    }
  }
  return [...cycles].sort();
}
